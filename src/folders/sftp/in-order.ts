type Taken<Works extends readonly Promise<unknown>[]> = { [I in keyof Works]: () => Awaited<Works[I]> };

/**
 * Waits for requests that are under way together: one journey instead of several. Answers a function for each that gives
 * its value or throws its error, so that whoever asked decides which error counts, whatever came first.
 */
export async function inOrder<const Works extends readonly Promise<unknown>[]>(works: Works): Promise<Taken<Works>> {
  const settled = await Promise.allSettled(works);
  return settled.map((one) => () => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  }) as Taken<Works>;
}
