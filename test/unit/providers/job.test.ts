import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/provider.ts';
import { answer, createFakeClock, findings, open, operationOf, serve, thing } from './support.ts';

const job = `    job:
      when: [202]
      path: /jobs/{answer.jobId}
      every: 1s
      longest: 10s
      until: { state: [done, failed] }
      outcomes:
        - { status: 200, body: { state: failed }, class: FIX_DATA }
        - { status: 200, class: ACCEPTED }
`;
const promising = thing.replace('reference: "{key}"', 'reference: ["{answer.id}", "{answer.jobId}"]') + job;

type Handler = Parameters<typeof serve>[0];

/** Sends a thing; time passes whenever something waits for it. */
async function send(
  jobs: Handler,
  {
    promise = answer(202, { jobId: 'J 1' }),
    text = promising,
    signal,
  }: { promise?: Handler; text?: string; signal?: AbortSignal } = {},
) {
  const clock = createFakeClock();
  let asked = 0;
  const { url, received } = await serve((request, response) =>
    request.method === 'GET' ? jobs(request, response, asked++) : promise(request, response, 0),
  );
  const operation = operationOf(open(text.replace('rate: 1000/s', 'rate: 1000000/s'), url, { clock }), 'thing.create');
  let outcome: Outcome | undefined;
  const sent = operation.send(operation.freeze('T', {}), signal).then((end) => (outcome = end));
  while (outcome === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.sleepers() > 0) await clock.advance(1000);
  }
  await sent;
  return { outcome, urls: received.map(({ method, url: path }) => `${method} ${path}`), passedMs: clock.monotonic() };
}

describe('a job', () => {
  it('is asked for until it is settled', async () => {
    const { outcome, urls } = await send((request, response, position) =>
      answer(200, position < 2 ? { state: 'running' } : { state: 'done', id: 'R-7' })(request, response),
    );
    expect(outcome).toMatchObject({ class: 'ACCEPTED', reference: 'R-7', status: 200 });
    expect(urls).toEqual(['PUT /things/T', ...Array<string>(3).fill('GET /jobs/J%201')]);
  });

  it('takes its reference out of the promise where its end names none', async () => {
    expect((await send(answer(200, { state: 'done' }))).outcome).toMatchObject({ reference: 'J 1' });
  });

  it('that names no record anywhere has an unknown outcome', async () => {
    const text = promising.replace('["{answer.id}", "{answer.jobId}"]', '"{answer.id}"');
    const { outcome } = await send(answer(200, { state: 'done' }), { text });
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS', detail: 'job: 200, and the answer does not name the record' });
  });

  it('that fails refuses the document in the words of the provider', async () => {
    const { outcome } = await send(answer(200, { state: 'failed', Message: 'no such SKU' }));
    expect(outcome).toMatchObject({ class: 'FIX_DATA', messages: [{ text: 'no such SKU' }], detail: 'job: 200' });
  });

  it('that never ends is left after its longest time, its outcome unknown', async () => {
    const { outcome, urls, passedMs } = await send(answer(200, { state: 'running' }));
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS', detail: 'the job has no end that can be read: 200' });
    expect(urls).toHaveLength(11);
    expect(passedMs).toBeLessThanOrEqual(11_000);
  });

  const troubles: readonly (readonly [string, Handler])[] = [
    ['unavailable for a while', answer(503)],
    ['throttled for a while', answer(429)],
    ['cut off', (_request, response) => void response.destroy()],
    ['an HTML page', answer(200, '<html>')],
  ];
  it.each(troubles)('is asked for again when the answer is %s', async (_what, trouble) => {
    const { outcome } = await send((request, response, position) =>
      (position < 2 ? trouble : answer(200, { state: 'done' }))(request, response, position),
    );
    expect(outcome).toMatchObject({ class: 'ACCEPTED' });
  });

  it.each([
    ['that nobody knows any more', 404],
    ['we may not ask for', 403],
    ['that is elsewhere', 302],
  ])('%s leaves the outcome unknown: the request itself was taken on', async (_what, status) => {
    const { outcome, urls } = await send(answer(status, '{}'));
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS' });
    expect(urls).toHaveLength(2);
  });

  it('is asked for no sooner than the provider says', async () => {
    const { urls } = await send(answer(503, '', { 'retry-after': '5' }));
    expect(urls.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['an answer that does not name it', answer(202, '{}'), 'the answer does not name its job'],
    ['an HTML page', answer(202, '<html>'), '202'],
    ['nothing', answer(202), '202'],
  ])('cannot be asked for after %s', async (_what, promise, detail) => {
    const { outcome, urls } = await send(answer(200, { state: 'done' }), { promise });
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS', detail });
    expect(urls).toHaveLength(1);
  });

  it('is none where the answer is final', async () => {
    const { outcome, urls } = await send(answer(500), { promise: answer(201, { id: 7 }) });
    expect(outcome).toMatchObject({ class: 'ACCEPTED' });
    expect(urls).toHaveLength(1);
  });

  it('is left at once when the work is stopped', async () => {
    const stop = new AbortController();
    const { outcome } = await send(
      (request, response) => {
        stop.abort();
        answer(200, { state: 'running' })(request, response);
      },
      { signal: stop.signal },
    );
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS' });
  });
});

it.each([
  ['a variable of another place', job.replace('{answer.jobId}', '{record.id}'), /\{record\} cannot be used here/],
  ['no condition for its end', job.replace('      until: { state: [done, failed] }\n', ''), /missing-key "until"/],
  ['a time that is none', job.replace('every: 1s', 'every: soon'), /provider\.yaml:\d+:\d+ wrong-value/],
  ['a key nobody knows', job.replace('longest', 'longst'), /unknown-key .*Did you mean "longest"/],
])('a definition with %s is told', (_what, text, expected) => {
  expect(findings(thing + text).join('\n')).toMatch(expected);
});
