import { describe, expect, it } from 'vitest';
import type { Batch, BatchItem } from '../../../src/core/batch.ts';
import type { Outcome } from '../../../src/core/provider.ts';
import { answer, createRecordedLog, findings, open, operationOf, parse, serve, type RecordedLog } from './support.ts';

const definition = `summary: test
limits: { rate: 1000/s }
messages: { text: message, list: { each: "errors[]", text: message, field: field } }
outcomes:
  - { status: 200, class: ACCEPTED }
  - { status: 409, class: ALREADY_EXISTS }
  - { status: 503, class: RETRY_LATER }
operations:
  thing.upsert:
    summary: things
    method: POST
    path: /things/bulk
    headers: { X-Site: "{payload.site}" }
    body: thing.json
    key: { from: "{document.key}", maxLength: 40 }
    repeat: body
    reference: ["{item.id}", "{key}"]
    batch:
      size: 4
      bytes: 4096
      list: things
      results:
        list: results
        match: { ours: name, theirs: name }
        outcomes:
          - { body: { status: OK }, class: ACCEPTED }
          - { body: { status: NO }, class: FIX_DATA }
          - { body: { status: LATER }, class: RETRY_LATER }
        messages: { text: why, list: { each: "errors[]", text: message, field: field } }
        notices: { text: "notes[]" }
`;

type Handler = Parameters<typeof serve>[0];
interface Scene {
  readonly batch: Batch;
  readonly received: readonly { readonly body: string }[];
  readonly log: RecordedLog;
  item(name: string, payload?: object): BatchItem;
}

async function scene(handler: Handler, text = definition): Promise<Scene> {
  const { url, received } = await serve(handler);
  const log = createRecordedLog();
  const operation = operationOf(open(text, url, { log }), 'thing.upsert');
  if (operation.batch === undefined) throw new Error('no batch');
  return {
    batch: operation.batch,
    received,
    log,
    item: (name, payload = { site: 'A', things: [{ name }] }) => ({
      key: `K-${name}`,
      request: operation.freeze(`K-${name}`, payload as never),
      mayHaveArrived: false,
    }),
  };
}

const results = (...entries: readonly object[]): Handler => answer(200, { results: entries });
const told = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ class: name }) => name);
const names = (parts: readonly (readonly BatchItem[])[]): string[] =>
  parts.map((part) => part.map(({ key }) => key.slice(2)).join(' '));

describe('documents go along in one request', () => {
  it('as far as it may carry items', async () => {
    const { batch, item } = await scene(results());
    const items = ['a', 'b', 'c', 'd', 'e'].map((name) => item(name));
    expect(names(batch.parts(items, 4))).toEqual(['a b c d', 'e']);
    expect(names(batch.parts(items, 2))).toEqual(['a b', 'c d', 'e']);
    const three = item('x', { site: 'A', things: [{ name: 'x' }, { name: 'y' }, { name: 'z' }] });
    expect(names(batch.parts([three, ...items], 4))).toEqual(['x a', 'b c d e']);
  });

  it('as far as it may carry bytes', async () => {
    const { batch, item } = await scene(results());
    const large = (name: string, length: number) =>
      item(name, { site: 'A', things: [{ name, text: 'ü'.repeat(length) }] });
    expect(names(batch.parts([large('a', 900), large('b', 900), large('c', 900)], 4))).toEqual(['a b', 'c']);
    expect(names(batch.parts([large('a', 5000), item('b')], 4))).toEqual(['a', 'b']);
  });

  it('when all else in their requests is the same', async () => {
    const { batch, item } = await scene(results());
    const items = [
      item('a'),
      item('b', { site: 'B', things: [{ name: 'b' }] }),
      item('c', { site: 'A', mode: 1, things: [{ name: 'c' }] }),
      item('d'),
    ];
    expect(names(batch.parts(items, 4))).toEqual(['a d', 'b', 'c']);
  });

  it('but no two by one name: the answer could not tell them apart', async () => {
    const { batch, item } = await scene(results());
    const again = { ...item('a'), key: 'K-a2' };
    expect(names(batch.parts([item('a'), again, item('b')], 4))).toEqual(['a b', 'a2']);
  });

  it('byte for byte as they were frozen', async () => {
    const { batch, item, received } = await scene(results());
    const bodies = ['{"name":"a","n":1.10}', '{"name":"b","n":12345678901234567890,"t":"ü\\""}'];
    const items = bodies.map((body, index) => {
      const frozen = item(`${index}`);
      return { ...frozen, request: { ...frozen.request, body: `{"site":"A","things":[${body}]}` } };
    });
    await batch.send(items);
    expect(received[0]?.body).toBe(`{"site":"A","things":[${bodies.join(',')}]}`);
    await batch.send(items.slice(0, 1));
    expect(received[1]?.body).toBe(items[0]?.request.body);
  });
});

describe('an answer to many', () => {
  it('says of each what became of it, in whatever order it tells them', async () => {
    const { batch, item } = await scene(
      results(
        { name: 'c', status: 'LATER' },
        { name: 'b', status: 'NO', why: 'no such site' },
        { name: 'a', status: 'OK', id: 7, notes: ['name was cut'] },
      ),
    );
    const outcomes = await batch.send(['a', 'b', 'c'].map((name) => item(name)));
    expect(outcomes).toMatchObject([
      { class: 'ACCEPTED', reference: '7', notices: [{ text: 'name was cut' }], status: 200 },
      { class: 'FIX_DATA', messages: [{ text: 'no such site' }] },
      { class: 'RETRY_LATER' },
    ]);
    expect(outcomes[1]?.answer).toBe('{"name":"b","status":"NO","why":"no such site"}');
  });

  it('leaves open what it does not name, and what no rule fits', async () => {
    const { batch, item } = await scene(results({ name: 'a', status: 'OK' }, { name: 'b', status: 'HM' }));
    const outcomes = await batch.send(['a', 'b', 'c'].map((name) => item(name)));
    expect(told(outcomes)).toEqual(['ACCEPTED', 'AMBIGUOUS', 'AMBIGUOUS']);
    expect(outcomes[2]?.detail).toBe('200, and the answer does not name it');
    expect(outcomes[0]?.reference).toBe('K-a');
  });

  it('leaves open an item whose acceptance does not name its record', async () => {
    const text = definition.replace('["{item.id}", "{key}"]', '"{item.id}"');
    const { batch, item } = await scene(results({ name: 'a', status: 'OK', id: 7 }, { name: 'b', status: 'OK' }), text);
    const outcomes = await batch.send([item('a'), item('b')]);
    expect(told(outcomes)).toEqual(['ACCEPTED', 'AMBIGUOUS']);
    expect(outcomes[1]?.detail).toBe('200, and the answer does not name the record');
  });

  it.each([
    ['no list', {}],
    ['something else', { results: 'none' }],
    ['nothing', ''],
  ])('that has %s for results leaves all open', async (_what, body) => {
    const { batch, item } = await scene(answer(200, body));
    expect(told(await batch.send([item('a'), item('b')]))).toEqual(['AMBIGUOUS', 'AMBIGUOUS']);
  });

  it('that names one twice is taken at its first word, and that is said', async () => {
    const { batch, item, log } = await scene(
      results({ name: 'a', status: 'OK' }, { name: 'a', status: 'NO' }, { name: 'b', status: 'OK' }),
    );
    expect(told(await batch.send([item('a'), item('b')]))).toEqual(['ACCEPTED', 'ACCEPTED']);
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ fields: { operation: 'thing.upsert', again: 1 } }]);
  });

  it('tells places in the request as places in the document', async () => {
    const errors = (place: number) => [{ field: `things[${place}].size`, message: `things[${place}].size is odd` }];
    const { batch, item } = await scene(
      results(
        { name: 'a', status: 'OK' },
        { name: 'b', status: 'NO', errors: errors(1) },
        { name: 'c', status: 'NO', errors: errors(9) },
      ),
    );
    const outcomes = await batch.send(['a', 'b', 'c'].map((name) => item(name)));
    expect(outcomes[1]?.messages).toEqual([{ field: 'things[0].size', text: 'things[0].size is odd' }]);
    // Of a place that is not its own nothing can be said but what the provider says.
    expect(outcomes[2]?.messages).toEqual([{ field: 'things[9].size', text: 'things[9].size is odd' }]);
  });

  it('about a document of several items is as good as the worst of them', async () => {
    const { batch, item } = await scene(
      results({ name: 'x', status: 'OK' }, { name: 'y', status: 'NO', why: 'odd' }, { name: 'a', status: 'OK' }),
    );
    const two = item('two', { site: 'A', things: [{ name: 'x' }, { name: 'y' }] });
    expect(await batch.send([two, item('a')])).toMatchObject([
      { class: 'FIX_DATA', messages: [{ text: 'odd' }] },
      { class: 'ACCEPTED' },
    ]);
  });

  it('counts by place where nothing else is declared, as long as there are as many', async () => {
    const byPlace = definition.replace('        match: { ours: name, theirs: name }\n', '');
    const good = await scene(results({ status: 'OK' }, { status: 'NO' }), byPlace);
    expect(told(await good.batch.send([good.item('a'), good.item('b')]))).toEqual(['ACCEPTED', 'FIX_DATA']);
    const short = await scene(results({ status: 'OK' }), byPlace);
    expect(told(await short.batch.send([short.item('a'), short.item('b')]))).toEqual(['AMBIGUOUS', 'AMBIGUOUS']);
  });

  it('holds for each where it has no results of its own', async () => {
    const plain = definition.slice(0, definition.indexOf('      results:'));
    const { batch, item } = await scene(answer(200, '{}'), plain);
    const outcomes = await batch.send([item('a'), item('b')]);
    expect(outcomes.map(({ class: name, reference }) => `${name} ${reference}`)).toEqual([
      'ACCEPTED K-a',
      'ACCEPTED K-b',
    ]);
  });
});

describe('a request of many that is refused as a whole', () => {
  it.each([422, 404, 409])('refuses none of them: %i', async (status) => {
    const { batch, item } = await scene(answer(status, { message: 'one of them is wrong' }));
    const outcomes = await batch.send([item('a'), item('b')]);
    expect(outcomes.map(({ isShared }) => isShared)).toEqual([true, true]);
  });

  it('refuses those it names, with what it says of them', async () => {
    const errors = [
      { field: 'things[1].size', message: 'too large' },
      { field: 'site', message: 'closed on Mondays' },
    ];
    const { batch, item } = await scene(answer(422, { message: 'no', errors }));
    const [a, b, c] = await batch.send(['a', 'b', 'c'].map((name) => item(name)));
    expect(b).toMatchObject({ class: 'FIX_DATA', messages: [{ field: 'things[0].size', text: 'too large' }] });
    expect(b?.isShared).toBeUndefined();
    expect([a?.isShared, c?.isShared]).toEqual([true, true]);
  });

  it('is final for one alone', async () => {
    const { batch, item } = await scene(answer(422, { message: 'wrong' }));
    const [only] = await batch.send([item('a')]);
    expect(only).toMatchObject({ class: 'FIX_DATA', messages: [{ text: 'wrong' }] });
    expect(only?.isShared).toBeUndefined();
  });

  it('or is not answered, has the same outcome for each, and keeps little of the answer', async () => {
    const { batch, item } = await scene(answer(503, 'x'.repeat(10_000), { 'retry-after': '7' }));
    const outcomes = await batch.send([item('a'), item('b')]);
    expect(outcomes).toMatchObject([
      { class: 'RETRY_LATER', retryAfterMs: 7000 },
      { class: 'RETRY_LATER', retryAfterMs: 7000 },
    ]);
    expect(outcomes[0]?.answer).toHaveLength(2000);
    const lost = await scene((_request, response) => response.destroy());
    expect(told(await lost.batch.send([lost.item('a'), lost.item('b')]))).toEqual(['AMBIGUOUS', 'AMBIGUOUS']);
  });
});

describe('a definition with a batch', () => {
  it('is sound', () => {
    expect(findings(definition)).toEqual([]);
    expect(parse(definition).definition?.operations.get('thing.upsert')?.batch).toMatchObject({ size: 4, bytes: 4096 });
  });

  it.each([
    ['a key outside the list', ['X-Site: "{payload.site}"', 'X-Site: "{key}"'], 'batch with {key} outside its list'],
    [
      'steps of its own',
      ['    batch:', '    job: { when: 202, path: /j, until: { a: b } }\n    batch:'],
      'batch with job',
    ],
    ['a path that is no list', ['      list: things\n', '      list: "things[].x"\n'], 'does not lead to one list'],
    ['no body', ['    body: thing.json\n', ''], 'batch without a body schema'],
    ['one item', ['size: 4', 'size: 1'], 'size'],
  ])('is refused with %s', (_what, [from = '', to = ''], finding) => {
    const text = definition.replace(from, to);
    expect(text).not.toBe(definition);
    expect(findings(text).join('\n')).toContain(finding);
  });

  it('is refused when the schema has no such list', () => {
    const files = {
      'thing.json': '{"type":"object","properties":{"items":{"type":"array"},"site":{"type":"string"}}}',
    };
    expect(findings(definition, files).join('\n')).toContain('no field "things"');
  });
});
