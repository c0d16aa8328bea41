import { captureName, fillName, withoutRejectMark } from '../../core/name-pattern.ts';
import type { InboundDefinition } from '../types.ts';

/**
 * Names of the files that belong to the picked one, by part: `SalesOrders{rest}.csv` picked as `SalesOrders0417.csv` makes
 * `SalesOrderItems{rest}.csv` mean `SalesOrderItems0417.csv`. Undefined when the picked name does not fit.
 */
export function companionNames(
  definition: Pick<InboundDefinition, 'read'>,
  pickedName: string,
): ReadonlyMap<string, string> | undefined {
  const { name, with: companions } = definition.read;
  const captured =
    name === undefined
      ? new Map<string, string>()
      : (captureName(name, pickedName) ?? captureName(name, withoutRejectMark(pickedName)));
  if (captured === undefined) return undefined;
  const names = Object.entries(companions).map(([part, own]) => [part, fillName(own.name, captured)] as const);
  // `SalesOrders{rest}` also fits `SalesOrdersItems…` when that is how companions are called: they are no heads.
  return names.some(([, companion]) => companion === pickedName) ? undefined : new Map(names);
}

/**
 * Name of the picked file that a companion belongs to, as far as its own name tells; `*` stands for the rest. Undefined when
 * it is no companion.
 */
export function headName({ read }: Pick<InboundDefinition, 'read'>, companionName: string): string | undefined {
  for (const own of Object.values(read.with)) {
    const captured = captureName(own.name, companionName);
    if (captured === undefined || read.name === undefined) continue;
    return fillName(read.name, captured, '*');
  }
  return undefined;
}
