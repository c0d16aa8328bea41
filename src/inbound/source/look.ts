import type { Clock } from '../../core/clock.ts';
import type { LedgerReader, SequencePosition, SourceReader } from '../../core/ledger.ts';
import type { Sightings } from '../../core/sightings.ts';
import { baseName, type WatchedFlow } from '../flow.ts';
import type { Picked } from './intake.ts';
import { createScanner, type Waiting } from './scan.ts';
import { noteUnfiled, standingOf, type Standing, type UnfiledFile } from './unfiled.ts';
import { waitWords } from '../expect/sequence-gate.ts';
import { distance, isInName, nameReader, nextPosition, positionOf } from '../expect/sequence-number.ts';

/** What a look needs to know of drops and numbers. */
export type LookLedger = Pick<LedgerReader, 'drops' | 'sequences'> & Partial<SourceReader>;

// Without a dray that runs nobody has seen the files before: which of them rest cannot be told from one listing.
const atRest: Sightings = {
  see: () => Promise.resolve({ kind: 'take', ending: 'complete' }),
  forgetAbsent: () => undefined,
};
// A directory that was filled while no dray ran must not push everything else off the screen.
const MOST_READY = 20;
const MOST_DROPS = 50;

/**
 * Why the files of a flow are not being taken while no dray runs, by one listing: nothing is opened, claimed or noted.
 * `neighbours`: the flows that pick from the same directory, this one included.
 * @throws Failure folder-gone, folder-unreachable and those of a server.
 */
export async function lookAt(
  flow: WatchedFlow,
  neighbours: readonly WatchedFlow[],
  ledger: LookLedger,
  clock: Clock,
): Promise<readonly Waiting[]> {
  const isHeld = async (_folder: string, path: string, fingerprint: string): Promise<boolean> => {
    const drops = await ledger.drops({ name: path, limit: MOST_DROPS });
    return drops.some(
      ({ state, files }) =>
        state === 'held' && files.some((file) => file.path === path && file.fingerprint === fingerprint),
    );
  };
  // A listing would create what is absent, and a look must leave no trace.
  const isFolderKnown = (): Promise<boolean> => Promise.resolve(true);
  const { rememberedFiles } = ledger;
  const known = { isHeld, isFolderKnown, ...(rememberedFiles === undefined ? {} : { rememberedFiles }) };
  const scanner = createScanner(flow, { ledger: known, clock }, neighbours, atRest);
  const { ready, waiting } = await scanner.scan(true);
  const unfiled: Waiting[] = [];
  const fresh: Picked[] = [];
  for (const picked of ready) {
    const standing = await standingNow(picked, flow, ledger);
    if (standing === 'new') fresh.push(picked);
    else unfiled.push(unfiledWords(flow.name, picked, standing));
  }
  const [inOrder, untaken] = await whyUntaken(flow, fresh, ledger);
  return [...waiting, ...unfiled, ...inOrder, ...fewOf(untaken)];
}

/** Whether files are the originals of a drop that could not be filed. */
async function standingNow(picked: Picked, { folder }: WatchedFlow, ledger: LookLedger): Promise<Standing> {
  const unfiled = new Map<string, UnfiledFile[]>();
  const name = picked.get('')?.path ?? '';
  for (const drop of await ledger.drops({ name, limit: MOST_DROPS }))
    if (drop.state === 'received' || drop.state === 'settling') await noteUnfiled(unfiled, drop, folder);
  return standingOf(picked, unfiled);
}

function unfiledWords(flow: string, picked: Picked, { drop, why }: Exclude<Standing, 'new'>): Waiting {
  const path = picked.get('')?.path ?? '';
  return { flow, path, why: why ?? `was received as drop ${drop}; it is still to be filed` };
}

/** Files that wait for a number, and files that only nobody takes. */
async function whyUntaken(
  { name: flow, sequence: rule }: WatchedFlow,
  ready: readonly Picked[],
  ledger: LookLedger,
): Promise<readonly [Waiting[], Waiting[]]> {
  const waiting: Waiting[] = [];
  const untaken: Waiting[] = [];
  const paths = ready.map((picked) => picked.get('')?.path ?? '');
  const state = rule?.gap === 'wait' ? (await ledger.sequences()).find((each) => each.flow === flow) : undefined;
  if (rule === undefined || state === undefined) return [waiting, paths.map((path) => idle(flow, path))];
  const missing = nextPosition(state, rule).number;
  if (!isInName(rule)) {
    const why = `number ${missing} is waited for; the numbers of this flow stand inside its files`;
    return [waiting, paths.map((path) => (state.waitingSince === undefined ? idle(flow, path) : { flow, path, why }))];
  }
  const numberOf = nameReader(rule);
  const behind = (path: string, last: SequencePosition): number => {
    const number = numberOf(baseName(path));
    return number === undefined ? 0 : distance(last, positionOf(number, last, rule), rule);
  };
  let last: SequencePosition = state;
  for (const path of paths.toSorted((a, b) => behind(a, state) - behind(b, state))) {
    const ahead = behind(path, last);
    const number = numberOf(baseName(path)) ?? 0;
    if (ahead === 1) last = positionOf(number, last, rule);
    if (ahead <= 1) untaken.push(idle(flow, path));
    else waiting.push({ flow, path, why: waitWords(flow, nextPosition(last, rule).number, number) });
  }
  return [waiting, untaken];
}

function idle(flow: string, path: string): Waiting {
  return { flow, path, why: 'dray is not running' };
}

function fewOf(files: readonly Waiting[]): readonly Waiting[] {
  const [first] = files;
  const more = files.length - MOST_READY;
  if (first === undefined || more <= 0) return files;
  const path = first.path.slice(0, first.path.lastIndexOf('/') + 1) || './';
  return [...files.slice(0, MOST_READY), { flow: first.flow, path, why: `${more} more files: dray is not running` }];
}
