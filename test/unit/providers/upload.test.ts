import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { FileBytes, Outcome } from '../../../src/core/provider.ts';
import { answer, createRecordedLog, define, findings, open, operationOf, serve, type Received } from './support.ts';
import { serverCertificate, serverKey } from './tls-certificates.ts';

const SIGNATURE = 'X-Signature=s1gn4tur3-0f-th1s-addr3ss';

const attaching = (more = ''): string => `summary: test
settings:
  token: { summary: the token, secret: true, default: canary-token-4711 }
auth:
  headers: { Authorization: "Bearer {settings.token}" }
limits: { rate: 1000/s, answer: 400ms }
messages: { text: Message }
outcomes: [{ status: 200, class: ACCEPTED }]
operations:
  thing.attach:
    summary: a paper of a thing
    method: POST
    path: /things/{key}/papers
    body: thing.json
    key: { from: "{document.key}" }
    repeat: url
    reference: "{answer.paperId}"
    upload:
      url: "{answer.uploadUrl}"
      headers: { Content-Type: "{payload.type}" }
${more}`;

function fileOf(content: string | readonly Uint8Array[]): FileBytes {
  const chunks = typeof content === 'string' ? [Buffer.from(content)] : content;
  return {
    size: chunks.reduce((sum, { length }) => sum + length, 0),
    async *open() {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    },
  };
}

type Handler = Parameters<typeof serve>[0];

interface Sent {
  readonly outcome: Outcome;
  readonly received: readonly Received[];
  readonly logged: string;
}

/** Sends one paper; `bucket` answers the upload at the address that `address` makes of the provider's. */
async function send(
  bucket: Handler,
  options: { address?: (url: string) => unknown; file?: FileBytes; more?: string; refusal?: Handler } = {},
): Promise<Sent> {
  const { address = (own) => `${own}/bucket/1?${SIGNATURE}`, file = fileOf('%PDF-1.4 …'), more, refusal } = options;
  const { url, received } = await serve((request, response, position) => {
    if (request.url.startsWith('/bucket/')) return bucket(request, response, position);
    if (refusal !== undefined) return refusal(request, response, position);
    return answer(200, { uploadUrl: address(url), paperId: 'P-1' })(request, response);
  });
  const log = createRecordedLog();
  const operation = operationOf(open(define(attaching(more)), url, { log }), 'thing.attach');
  const outcome = await operation.send(
    operation.freeze('T-1', { type: 'application/pdf' }),
    undefined,
    'T-1',
    false,
    file,
  );
  return { outcome, received, logged: JSON.stringify(log.lines) };
}

describe('a file that goes to an address the answer names', () => {
  it('is sent as it is, with its length, and without what proves who we are', async () => {
    const { outcome, received } = await send(answer(200));
    expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /things/T-1/papers',
      `PUT /bucket/1?${SIGNATURE}`,
    ]);
    const [asked, put] = received;
    expect(asked?.headers.authorization).toBe('Bearer canary-token-4711');
    expect(put?.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': '12' });
    expect(Object.keys(put?.headers ?? {})).not.toContain('authorization');
    expect(Object.keys(put?.headers ?? {})).not.toContain('transfer-encoding');
    expect(put?.body).toBe('%PDF-1.4 …');
    expect(outcome).toEqual({ class: 'ACCEPTED', status: 200, messages: [], reference: 'P-1', detail: 'upload: 200' });
  });

  it.each<[string, Handler]>([
    ['done', answer(200, { uploadUrl: SIGNATURE })],
    ['refused in words that quote it', answer(400, `<Error><Provided>${SIGNATURE}</Provided></Error>`)],
    ['expired', answer(403, SIGNATURE)],
    ['lost', (_request, response) => void response.destroy()],
    ['elsewhere', answer(307, '', { location: `/other?${SIGNATURE}` })],
  ])('is not shown in outcomes or logs: %s', async (_how, bucket) => {
    const { outcome, logged } = await send(bucket);
    expect(JSON.stringify(outcome)).not.toContain('s1gn4tur3');
    expect(JSON.stringify(outcome)).not.toContain('/bucket/');
    expect(logged).not.toContain('s1gn4tur3');
    expect(logged).not.toContain('/bucket/');
  });

  it.each<[string, Handler, object]>([
    ['201', answer(201), { class: 'ACCEPTED' }],
    ['403', answer(403), { class: 'RETRY_LATER', waits: { everyMs: 300_000, longestMs: 3_600_000 } }],
    ['404', answer(404), { class: 'RETRY_LATER' }],
    ['503', answer(503), { class: 'RETRY_LATER' }],
    ['400', answer(400, { Message: 'no' }), { class: 'FIX_DATA', messages: [] }],
    ['500', answer(500), { class: 'AMBIGUOUS', detail: 'upload: 500' }],
    ['a redirect', answer(302, '', { location: '/things' }), { class: 'RETRY_LATER', problem: 'upload-address' }],
    ['no answer', (_request, response) => void response.destroy(), { class: 'AMBIGUOUS' }],
    ['silence', () => undefined, { class: 'AMBIGUOUS', detail: 'upload: no answer: timeout' }],
  ])('%s to it means what the rules for uploads say', async (_what, bucket, expected) => {
    const { outcome, received } = await send(bucket);
    expect(outcome).toMatchObject(expected);
    expect(received).toHaveLength(2);
  });

  it('has outcome rules of its own', async () => {
    const more = '      outcomes: [{ status: 409, class: ACCEPTED }]\n';
    expect((await send(answer(409), { more })).outcome.class).toBe('ACCEPTED');
  });

  it('goes nowhere when the request itself is refused', async () => {
    const { outcome, received } = await send(answer(200), { refusal: answer(404, { Message: 'no such thing' }) });
    expect(received).toHaveLength(1);
    expect(outcome).toMatchObject({ class: 'NOT_FOUND', messages: [{ text: 'no such thing' }] });
    expect(outcome.answer).toContain('no such thing');
  });

  it('is not kept of an answer that cannot be used', async () => {
    const { outcome } = await send(answer(200), { refusal: answer(200, `<a href="/bucket/1?${SIGNATURE}">`) });
    expect(outcome.class).toBe('AMBIGUOUS');
    expect(JSON.stringify(outcome)).not.toContain('s1gn4tur3');
  });

  it('waits when the answer names no address', async () => {
    const { outcome, received } = await send(answer(200), { address: () => undefined });
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', detail: 'upload: the answer names no address' });
    expect(received).toHaveLength(1);
  });
});

describe('an address to which no file goes', () => {
  it.each([
    ['another server without encryption', (_own: string, other: string) => `${other}/bucket/1`],
    ['a login in it', (own: string) => own.replace('://', '://user:word@')],
    ['a file of this machine', () => 'file:///etc/passwd'],
    ['no address', () => 'bucket/1'],
  ])('%s', async (_what, make) => {
    const other = await serve(answer(200));
    const { outcome, received } = await send(answer(200), { address: (own) => make(own, other.url) });
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', problem: 'upload-address' });
    expect([received.length, other.received.length]).toEqual([1, 0]);
  });

  it('is not one with encryption, but its certificate has to be good', async () => {
    const server = createServer({ cert: serverCertificate, key: serverKey });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { outcome } = await send(answer(200), { address: () => `https://127.0.0.1:${port}/bucket/1` });
    expect(outcome).toMatchObject({ class: 'RETRY_LATER' });
    expect(outcome.problem).toBeUndefined();
    expect(outcome.detail).toMatch(/^upload: not sent: /);
  });
});

describe('the bytes of a file', () => {
  it('are looked for before anything is asked', async () => {
    const gone: FileBytes = {
      size: 3,
      // eslint-disable-next-line require-yield
      async *open() {
        throw new Failure('file-gone', 'in the spool');
      },
    };
    const { outcome, received } = await send(answer(200), { file: gone });
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', problem: 'upload-gone' });
    expect(received).toEqual([]);
  });

  it('may take longer than an answer, as long as they move', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const slow: FileBytes = {
      size: chunk.length * 6,
      async *open() {
        for (let count = 0; count < 6; count++) {
          await new Promise((resolve) => setTimeout(resolve, 120));
          yield chunk;
        }
      },
    };
    const { outcome, received } = await send(answer(200), { file: slow });
    expect(outcome.class).toBe('ACCEPTED');
    expect(received[1]?.body.length).toBe(chunk.length * 6);
  });

  it('that are fewer than they were arrive nowhere as a whole file', async () => {
    const { outcome } = await send(answer(200), { file: { ...fileOf('abc'), size: 10 } });
    expect(outcome.class).toBe('AMBIGUOUS');
  });
});

describe('an upload in a definition', () => {
  it('follows an answer, not a job', () => {
    const job = '    job: { when: 202, path: "/jobs/{answer.id}", until: { state: done } }\n';
    expect(findings(attaching(job)).join('\n')).toMatch(/wrong-value an upload follows the answer to the request/);
  });

  it('is of one document', () => {
    const batch = '    batch: { list: papers, size: 5 }\n';
    const files = { 'thing.json': '{"type":"object","properties":{"papers":{"type":"array"}}}' };
    expect(findings(attaching(batch), files).join('\n')).toMatch(/wrong-value each file has a request of its own/);
  });

  it('uses parts of the key that its pattern names', () => {
    const text = attaching().replace(
      '{ from: "{document.key}" }',
      '{ from: "{document.key}", pattern: "(?<order>.+) .+" }',
    );
    expect(findings(text.replace('{key}/papers', '{key}/papers?of={key.order}'))).toEqual([]);
    expect(findings(text.replace('{key}/papers', '{key}/papers?of={key.oder}')).join('\n')).toMatch(
      /unknown-reference the pattern of the key has no group "oder".*Did you mean "order"/,
    );
  });
});
