import type { Drop } from '../../core/ledger.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import type { Rows } from '../reading/locate.ts';
import { placedRecords, reopen } from '../reading/reading.ts';
import { createRefusals } from '../reading/refusals.ts';

/** Whether a record goes back although nothing is wrong with it, because those that do mean nothing without it. */
export type Keeps = (part: string, seq: number) => boolean;

/** Envelopes above refused documents, and files that are looked up: a mended sheet is dropped with them. */
export async function keptRecords(drop: Drop, rows: Rows, flow: InboundFlow, parts: InboundParts): Promise<Keeps> {
  const { read } = flow.mapping.definition;
  const lookUps = new Set(Object.entries(read.with).flatMap(([part, { key }]) => (key === undefined ? [] : [part])));
  const above = new Set<number>();
  const [picked] = drop.files;
  if (picked !== undefined && [...read.records.values()].some(({ role }) => role === 'envelope')) {
    const refusals = createRefusals(rows(), picked.part, baseName(picked.path));
    const reading = await reopen(drop.files, flow, parts);
    for await (const { record, above: envelopes = [] } of placedRecords(picked, reading, flow)) {
      if (envelopes.length === 0 || (await refusals.at(record.seq, record.line)) === undefined) continue;
      for (const { seq } of envelopes) above.add(seq);
    }
  }
  return (part, seq) => lookUps.has(part) || (part === '' && above.has(seq));
}
