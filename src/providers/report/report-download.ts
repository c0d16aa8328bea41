import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Pool } from 'undici';
import { Failure } from '../../core/failure.ts';
import type { Context } from '../context.ts';
import type { DownloadDefinition } from './report-definition.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import { reasonOf } from '../request/perform.ts';
import { hasStatus, isRedirect } from '../outcome/verdict.ts';

/** A file on its way to us. */
export interface Download {
  /** @throws Failure no-answer when it breaks off, report-unusable when it is too long. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Whether the transfer itself shows that nothing is missing at the end. */
  readonly isEndProven: boolean;
  close(): Promise<void>;
}

type Response = Awaited<ReturnType<Pool['request']>>;

/**
 * Opens the file behind a link. The link may be a permission by itself: it is in no message, and nothing that proves who
 * we are goes to another host. No redirect is followed.
 * @throws Failure
 */
export async function openDownload(
  link: string,
  definition: DownloadDefinition,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const url = safeUrl(link, definition, context.baseUrl);
  const isOwn = url.origin === context.baseUrl.origin;
  const { limits, tls } = context.own;
  const headers = { 'user-agent': 'dray', accept: '*/*', 'accept-encoding': 'identity' };
  const proof = definition.signIn ? await proofOf(context, signal) : {};
  const pool = new Pool(url.origin, {
    connections: 1,
    allowH2: false,
    connect: { timeout: limits.connectMs, ...(isOwn ? tls : {}) },
    // Of a long file only the silence between two bytes can be bounded.
    headersTimeout: limits.answerMs,
    bodyTimeout: limits.answerMs,
  });
  const close = (): Promise<void> => pool.destroy();
  try {
    const path = url.pathname + url.search;
    const response = await pool.request({
      method: 'GET',
      path,
      headers: { ...headers, ...proof },
      signal: signal ?? null,
    });
    requireFile(response, definition, context);
    return { bytes: bytesOf(response, definition, signal), isEndProven: isEndProven(response), close };
  } catch (error) {
    await close();
    if (error instanceof Failure) throw error;
    throw signal?.aborted === true ? new Failure('stopped') : new Failure('provider-unreachable', reasonOf(error));
  }
}

function safeUrl(link: string, { signIn }: DownloadDefinition, baseUrl: URL): URL {
  const url = URL.canParse(link, baseUrl.href) ? new URL(link, baseUrl.href) : undefined;
  if (url === undefined) throw new Failure('report-unusable', 'its address is none');
  const isOwn = url.origin === baseUrl.origin;
  if (!isOwn && url.protocol !== 'https:')
    throw new Failure('report-unusable', 'its address is not a safe one (https)');
  if (!isOwn && signIn)
    throw new Failure('report-unusable', 'its address is at another host, which gets no credentials');
  if (url.username !== '' || url.password !== '') throw new Failure('report-unusable', 'its address holds a login');
  return url;
}

async function proofOf({ own }: Context, signal: AbortSignal | undefined): Promise<Readonly<Record<string, string>>> {
  const proof = await own.proof(signal);
  if (proof.kind === 'proof') return proof.headers;
  if (proof.isStopped) throw new Failure('stopped');
  throw new Failure(proof.isRefused === true ? 'credentials-refused' : 'provider-unreachable', proof.reason);
}

// What a store or a gateway says instead of a table.
const PAGES = /^(text\/html|application\/xhtml\+xml|(text|application)\/xml)\b/i;
const JSON_TYPES = /^application\/([\w.-]+\+)?json\b/i;

function requireFile(
  { statusCode, headers }: Response,
  { expired, format }: DownloadDefinition,
  { clock }: Context,
): void {
  if (isRedirect(statusCode)) throw new Failure('unexpected-redirect', String(statusCode));
  if (hasStatus(expired, statusCode)) throw new Failure('report-expired', `its address answers ${statusCode}`);
  if (statusCode !== 200) {
    const retryAfterMs = readRetryAfter(headers, clock.now());
    const isAway = statusCode >= 500 || statusCode === 429 || statusCode === 408;
    throw new Failure(isAway ? 'provider-unreachable' : 'report-unusable', String(statusCode), { retryAfterMs });
  }
  const type = [headers['content-type']].flat()[0] ?? '';
  if (PAGES.test(type) || (format === 'csv' && JSON_TYPES.test(type))) {
    throw new Failure('report-unusable', `${type.replace(/[;\s].*$/s, '')} instead of ${format}`);
  }
}

function isEndProven({ headers }: Response): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

async function* bytesOf(
  { body, headers }: Response,
  { bytes: most }: DownloadDefinition,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const encoding = [headers['content-encoding']].flat()[0] ?? 'identity';
  if (!['identity', 'gzip'].includes(encoding)) throw new Failure('report-unusable', 'packed in an unknown way');
  // A failure of either ends the other; the loop below meets it.
  const source = encoding === 'gzip' ? pipeline(body, createGunzip(), () => undefined) : body;
  let length = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > most) throw new Failure('report-unusable', `longer than ${most} bytes`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw signal?.aborted === true ? new Failure('stopped') : new Failure('no-answer', reasonOf(error));
  }
}
