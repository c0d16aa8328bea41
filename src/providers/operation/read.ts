import { scalarText, type Json } from '../../core/json.ts';
import { selectAll } from '../../core/path.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import { fillBody, type BodyTemplate } from '../request/body-template.ts';
import type { ReadDefinition } from '../definition.ts';
import { fillTemplate, type Template, type TemplateValues } from '../request/template.ts';
import type { Answer, Exchange, Transport } from '../request/transport.ts';
import { hasStatus } from '../outcome/verdict.ts';

export const JSON_BODY = 'application/json; charset=utf-8';

/** What a read led to. `failed`: nothing that can be used; make it again. */
export type Found =
  | { readonly kind: 'record'; readonly record: Json; readonly answer: Answer }
  | { readonly kind: 'missing'; readonly answer: Answer; readonly detail: string }
  | { readonly kind: 'failed'; readonly exchange: Exchange };

/** Reads one record. */
export async function readRecord(
  definition: ReadDefinition,
  values: TemplateValues,
  transport: Transport,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const request = requestOf(definition, values);
  if (request === undefined) return { kind: 'failed', exchange: unfilled(definition.path) };
  const exchange = await transport.exchange(request, signal);
  if (exchange.kind !== 'answer' || exchange.bodyKind === 'other') return { kind: 'failed', exchange };
  const detail = String(exchange.status);
  if (hasStatus(definition.missing, exchange.status)) return { kind: 'missing', answer: exchange, detail };
  if (!hasStatus(['2xx'], exchange.status) || exchange.body === undefined) return { kind: 'failed', exchange };
  const record = findRecord(exchange.body, definition, values);
  if (record !== undefined) return { kind: 'record', record, answer: exchange };
  return { kind: 'missing', answer: exchange, detail: `${detail} without a record` };
}

/** A request beside the frozen one; undefined when its address lacks a value. */
export function requestOf(
  { method, path, body }: { readonly method: string; readonly path: Template; readonly body: BodyTemplate | undefined },
  values: TemplateValues,
): FrozenRequest | undefined {
  const filled = fillTemplate(path, values, encodeURIComponent);
  if (filled === undefined) return undefined;
  const accept = { accept: 'application/json' };
  if (body === undefined) return { method, path: filled, headers: accept, body: '' };
  const headers = { ...accept, 'content-type': JSON_BODY };
  return { method, path: filled, headers, body: JSON.stringify(fillBody(body, values)) };
}

/** Stands for the exchange that could not be made. */
export function unfilled(path: Template): Exchange {
  return { kind: 'not-sent', reason: `${path.text} lacks a value`, isStopped: false };
}

/** The first candidate that has the texts it is told by; of a list of them one is enough. */
export function findRecord(
  body: Json | undefined,
  { record, where }: Pick<ReadDefinition, 'record' | 'where'>,
  values: TemplateValues,
): Json | undefined {
  const wanted = where.map(({ path, equals }) => ({ path, text: fillTemplate(equals, values) }));
  return selectAll(body, record).find(
    (candidate) =>
      candidate !== null &&
      wanted.every(
        ({ path, text }) =>
          text !== undefined && selectAll(candidate, path).some((found) => scalarText(found) === text),
      ),
  );
}
