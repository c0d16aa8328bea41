import { AdminError } from './frame.ts';
import { isObject } from './json.ts';

/** Behaviours no document settles, or that a test wants to provoke. */
export interface Switches {
  /** What a stream answers when there is nothing from the given index on. */
  streamEnd: 'empty' | '404' | 'alternate';
  streamPageSize: number;
  snapshotPageSize: number;
  /** Life of a paged snapshot, in the stand-in's seconds. */
  snapshotTtlSeconds: number;
  /** Rows above which a search is cut and says `IsTruncated`. */
  snapshotMaxRows: number;
  /** Package quantities carry 20 fraction digits. */
  longDecimals: boolean;
  /** New indexes lie beyond 2^53. */
  bigIndexes: boolean;
  /** OrderInfo carries the order id as `Id`. */
  orderStreamIncludesId: boolean;
  /** Hides stream items until a higher index was read: empty = none, digits = that index, `every:N` = each N-th item. */
  holdBackIndex: string;
  /** Value type of ModelState in a 400. */
  modelStateText: 'string' | 'array';
  unknownProperties: 'ignore' | 'refuse';
  knownSkusOnly: boolean;
  knownUomsOnly: boolean;
  /** Answer to a second cancellation. */
  cancelTwice: '409' | '200';
  /** One order in so many ships in two parts; 0 = never. The same holds for the other rates. */
  splitEvery: number;
  lateEvery: number;
  returnEvery: number;
  damageEvery: number;
  manualCancelEvery: number;
  /** Daily stock corrections and quarantine. */
  dailyAdjustments: boolean;
}

/** The values at start unless options say otherwise. */
export const DEFAULT_SWITCHES: Readonly<Switches> = {
  streamEnd: 'empty',
  streamPageSize: 100,
  snapshotPageSize: 100,
  snapshotTtlSeconds: 120,
  snapshotMaxRows: 10_000,
  longDecimals: false,
  bigIndexes: false,
  orderStreamIncludesId: false,
  holdBackIndex: '',
  modelStateText: 'string',
  unknownProperties: 'ignore',
  knownSkusOnly: false,
  knownUomsOnly: true,
  cancelTwice: '409',
  splitEvery: 5,
  lateEvery: 50,
  returnEvery: 10,
  damageEvery: 7,
  manualCancelEvery: 0,
  dailyAdjustments: true,
};

const CHOICES: Readonly<Record<string, RegExp>> = {
  streamEnd: /^(empty|404|alternate)$/,
  holdBackIndex: /^(|[0-9]+|every:[1-9][0-9]*)$/,
  modelStateText: /^(string|array)$/,
  unknownProperties: /^(ignore|refuse)$/,
  cancelTwice: /^(409|200)$/,
};

/** Sets the given switches in place. Throws `AdminError` for an unknown name or a value of the wrong kind. */
export function applySwitches(target: Switches, changes: unknown): void {
  if (!isObject(changes)) throw new AdminError('switches must be an object');
  for (const [name, value] of Object.entries(changes)) checkSwitch(name, value);
  Object.assign(target, changes);
}

function checkSwitch(name: string, value: unknown): void {
  if (!Object.hasOwn(DEFAULT_SWITCHES, name)) throw new AdminError(`unknown switch ${name}`);
  const usual: unknown = DEFAULT_SWITCHES[name as keyof Switches];
  if (typeof value !== typeof usual) throw new AdminError(`switch ${name} must be a ${typeof usual}`);
  const isCount = typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0);
  if (!isCount) throw new AdminError(`switch ${name} must be a whole number of 0 or more`);
  const isPageSize = name.endsWith('PageSize') && value === 0;
  const isChoice = typeof value !== 'string' || CHOICES[name]?.test(value) !== false;
  if (isPageSize || !isChoice) throw new AdminError(`switch ${name} does not take ${String(value)}`);
}
