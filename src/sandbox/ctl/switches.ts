import { type SwitchKind } from '../switches.ts';

/** Behaviours of CTL no document settles, or that a test wants to provoke. */
export interface CtlSwitches {
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
const DEFAULTS: Readonly<CtlSwitches> = {
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

export const ctlSwitches: SwitchKind<CtlSwitches> = {
  defaults: DEFAULTS,
  choices: {
    streamEnd: /^(empty|404|alternate)$/,
    holdBackIndex: /^(|[0-9]+|every:[1-9][0-9]*)$/,
    modelStateText: /^(string|array)$/,
    unknownProperties: /^(ignore|refuse)$/,
    cancelTwice: /^(409|200)$/,
  },
};
