/**
 * Does the same for each of many, several at a time; what came of them is in their order.
 * @throws the first error, once nothing is under way any more.
 */
export async function together<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  const waiting = items.entries();
  const workUp = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, workUp));
  if (errors.length > 0) throw errors[0];
  return results;
}
