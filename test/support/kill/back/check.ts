import type { Finished } from '../../dray.ts';
import { differences } from '../checker.ts';
import type { SeenFile } from '../consumer.ts';
import type { LedgerDump } from '../evidence.ts';
import { backFlows, type BackFlow } from './project.ts';
import type { BackWorkload, OrderEvent, StockLevel } from './workload.ts';

/** What could be seen after one process. */
export interface BackPhase {
  readonly finished: Finished;
  /** Undefined when there was no ledger yet. */
  readonly dump: LedgerDump | undefined;
  readonly folder: readonly SeenFile[];
}

/** Everything a scenario left behind. */
export interface BackEvidence {
  readonly workload: BackWorkload;
  readonly phases: readonly BackPhase[];
  readonly taken: readonly SeenFile[];
  readonly problems: readonly string[];
  /** What happened to orders, as the provider tells it. */
  readonly events: readonly OrderEvent[];
  readonly spool: readonly string[];
  /** Whether the last start had nothing to do. */
  readonly hasIdle: boolean;
  /** Flows of the project. */
  readonly flows: readonly BackFlow[];
}

type Report = (problem: string) => void;

/** A file that a reader saw, by its own words. */
interface ToldFile extends SeenFile {
  readonly sequence: number;
  readonly rows: readonly (readonly string[])[];
}

/** Facts once in all files together, numbers without a hole, a name with the same bytes for ever; one line for each violation. */
export function checkBack(evidence: BackEvidence): string[] {
  const violations: string[] = [...evidence.problems];
  const report: Report = (problem) => void violations.push(problem);
  checkEnd(evidence, report);
  const last = evidence.phases.at(-1);
  if (last?.dump === undefined) return [...violations, 'there is no ledger in the end'];
  checkBytes(evidence, report);
  for (const flow of evidence.flows) {
    const files = filesOf(flow, evidence, last, report);
    checkSequence(flow, files, last.dump, report);
    checkFacts(flow, files, evidence, report);
  }
  return violations;
}

function checkEnd({ phases, spool, hasIdle }: BackEvidence, report: Report): void {
  const last = phases.at(-1);
  for (const { code, signal, stderr } of phases.map(({ finished }) => finished)) {
    if (signal !== 'SIGKILL' && (signal !== null || code !== 0))
      report(`a process ended with ${signal ?? code}: ${stderr.slice(-400)}`);
  }
  for (const { path, state } of last?.dump?.files ?? []) if (state !== 'published') report(`${path} is ${state}`);
  for (const { path } of last?.folder ?? [])
    if (path.split('/').some((name) => name.startsWith('.') || name.endsWith('.tmp'))) report(`${path} is left over`);
  // A start removes what the one before left, but for bytes that may be written again.
  const kept = new Set(last?.dump?.files.flatMap((file) => (file.keptUntil === undefined ? [] : [file.spool])));
  for (const name of hasIdle ? spool : []) if (!kept.has(name)) report(`${name} is left in the spool`);
}

/** Once anybody saw a name, it has these bytes; a name that comes again is told by the number in the file. */
function checkBytes({ phases, taken }: BackEvidence, report: Report): void {
  const known = new Map<string, string>();
  const see = (name: string, hash: string): void => {
    const before = known.get(name);
    if (before !== undefined && before !== hash) report(`${name} has other bytes than before`);
    known.set(name, hash);
  };
  const files = [...taken, ...phases.flatMap(({ folder }) => folder)].filter(isOfFlow);
  for (const file of files) see(nameOf(file), file.hash);
  for (const file of phases.flatMap(({ dump }) => dump?.files ?? []))
    if (file.kind === 'feed' && file.state === 'published') see(`${file.path} ${file.sequence}`, file.hash);
}

function isOfFlow({ path }: SeenFile): boolean {
  const [directory = ''] = path.split('/');
  return directory in backFlows && /\/[^./][^/]*\.csv$/.test(path);
}

/** A file keeps its bytes when it is archived. */
function nameOf(file: SeenFile): string {
  const path = file.path.replace(/archive\/STOCK_\d+/, 'STOCK');
  return `${path} ${toldFile(file, () => undefined).sequence}`;
}

/** Reads the rows and the trailer, which says how many they are and which file of its flow this is. */
function toldFile(file: SeenFile, report: Report): ToldFile {
  const [, ...lines] = file.content.split('\n');
  const trailer = /^T,(\d+),(\d+)$/.exec(lines.at(-2) ?? '');
  const rows = lines.slice(0, -2).map((line) => line.split(','));
  if (trailer === null || Number(trailer[1]) !== rows.length) report(`${file.path} is not whole`);
  return { ...file, sequence: Number(trailer?.[2] ?? 0), rows };
}

/** Every file of a flow that anybody ever saw, in the order of their numbers. */
function filesOf(flow: BackFlow, { taken }: BackEvidence, last: BackPhase, report: Report): readonly ToldFile[] {
  const isOwn = ({ path }: SeenFile): boolean => path.startsWith(`${flow.directory}/`);
  const left = last.folder.filter(isOwn);
  if (flow.isTaken) for (const { path } of left) report(`${path} was never offered to its reader`);
  const seen = flow.isTaken ? taken.filter(isOwn) : left.filter(({ path }) => path.endsWith('.csv'));
  if (!flow.isTaken && !left.some(({ path }) => path.endsWith('.ok'))) report(`${flow.name} has no marker`);
  return seen.map((file) => toldFile(file, report)).sort((a, b) => a.sequence - b.sequence);
}

function checkSequence({ name }: BackFlow, files: readonly ToldFile[], dump: LedgerDump, report: Report): void {
  for (const [index, { path, sequence }] of files.entries()) {
    if (sequence !== index + 1) report(`${name}: number ${index + 1} is missing or comes twice; there is ${path}`);
    const [, inName] = /_(\d{6})\.csv$/.exec(path) ?? [];
    if (inName !== undefined && Number(inName) !== sequence) report(`${path} says it is number ${sequence}`);
  }
  const booked = dump.files.filter((file) => file.flow === name && file.kind === 'feed');
  differences(
    booked.map(({ sequence, hash }) => `${sequence} ${hash.slice(0, 12)}`),
    files.map(({ sequence, hash }) => `${sequence} ${hash.slice(0, 12)}`),
    (file, wanted, got) => report(`${name}: file ${file} was seen ${got} times; the ledger has it ${wanted} times`),
  );
}

function checkFacts(flow: BackFlow, files: readonly ToldFile[], evidence: BackEvidence, report: Report): void {
  const { workload, events } = evidence;
  const rows = files.flatMap((file) => file.rows);
  const once = (expected: readonly string[], found: readonly string[]): void =>
    differences(expected, found, (fact, wanted, got) =>
      report(`${flow.name}: ${fact} is in the files ${got} times instead of ${wanted} times`),
    );
  switch (flow.name) {
    case 'tracked':
      return once(
        events.map(({ Order, No }) => `${Order} ${No}`),
        rows.map(([order, number]) => `${order} ${number}`),
      );
    case 'counts': {
      const total = new Map<string, number>();
      for (const [order = '', count] of rows) total.set(order, (total.get(order) ?? 0) + Number(count));
      const units = (count: number, order: string): string[] =>
        Array.from({ length: count / 10 }, () => `ten ${order}`);
      return once(
        events.map(({ Order }) => `ten ${Order}`),
        [...total].flatMap(([order, count]) => units(count, order)),
      );
    }
    case 'levels':
    case 'stock':
      return checkStock(flow, files, workload, report);
    default:
      if (flow.name === 'documents') checkDocuments(files, report);
      return once(
        workload.shipments.map(({ Id, Qty }) => `${Id} ${Qty}`),
        rows.map(([, , quantity, id]) => `${id} ${quantity}`),
      );
  }
}

function checkDocuments(files: readonly ToldFile[], report: Report): void {
  for (const { path, rows } of files) {
    const [order = ''] = rows[0] ?? [];
    if (rows.some((row) => row[0] !== order) || (order === '' && rows.length > 1)) report(`${path} mixes documents`);
    if (order !== '' && !path.includes(`/${order}_`)) report(`${path} is about ${order}`);
  }
}

/** After each file its reader knows what was in stock at one time, and never an earlier one than before. */
function checkStock({ name }: BackFlow, files: readonly ToldFile[], { stock }: BackWorkload, report: Report): void {
  const states = Object.values(stock).map(stateOf);
  let known = new Map<string, string>();
  let at = 0;
  for (const { path, sequence, rows } of files) {
    if (name === 'stock') known = new Map();
    for (const [sku = '', count = ''] of rows) {
      if (name === 'levels' && known.get(sku) === count) report(`${path} says again that ${sku} is ${count}`);
      known.set(sku, count);
    }
    const shown = textOf(known);
    const found = states.indexOf(shown, at);
    if (found === -1) report(`${path} (${sequence}) does not show what was in stock: ${shown}`);
    else at = found;
  }
  if (at !== states.length - 1) report(`${name} does not show what is in stock in the end`);
}

function stateOf(levels: readonly StockLevel[]): string {
  return textOf(new Map(levels.map(({ Sku, OnHand }) => [Sku, String(OnHand)])));
}

function textOf(levels: ReadonlyMap<string, string>): string {
  const present = [...levels].filter(([, count]) => count !== '0').map(([sku, count]) => `${sku}=${count}`);
  return present.sort().join(' ');
}
