import { describe, expect, it } from 'vitest';
import { answer, createFakeClock, findings, open, operationOf, sendTo, serve, thing } from './support.ts';

describe('outcomes', () => {
  it.each([
    ['a rule of the definition', 201, '', 'ACCEPTED'],
    ['a rule of the definition', 409, '{}', 'ALREADY_EXISTS'],
    ['no rule: other success', 200, '{}', 'AMBIGUOUS'],
    ['no rule: validation', 400, '', 'FIX_DATA'],
    ['no rule: credentials', 401, '', 'FIX_CREDENTIALS'],
    ['no rule: not found', 404, '', 'NOT_FOUND'],
    ['no rule: throttled', 429, '', 'RETRY_LATER'],
    ['no rule: broken server', 500, '<html>', 'AMBIGUOUS'],
    ['no rule: unavailable', 503, '<html>', 'RETRY_LATER'],
    ['no rule: gateway gave up', 504, '', 'AMBIGUOUS'],
  ])('%s: %i', async (_what, status, body, expected) => {
    expect(await sendTo(answer(status, body))).toMatchObject({ class: expected, status });
  });

  it('may depend on whether an earlier attempt was lost', async () => {
    const { url } = await serve(answer(409, '{}'));
    const text = thing.replace('outcomes:\n', 'outcomes:\n  - { status: 409, after: lost, class: ACCEPTED }\n');
    const operation = operationOf(open(text, url), 'thing.create');
    const request = operation.freeze('T-1', {});
    expect(await operation.send(request, undefined, 'T-1', true)).toMatchObject({ class: 'ACCEPTED' });
    expect(await operation.send(request, undefined, 'T-1', false)).toMatchObject({ class: 'ALREADY_EXISTS' });
    expect(await operation.send(request)).toMatchObject({ class: 'ALREADY_EXISTS' });
  });

  describe('of something accepted', () => {
    const noticed = thing.replace(
      'outcomes:\n',
      'notices: { text: "warnings[]", list: [{ each: "warnings[]", text: text, field: at }] }\noutcomes:\n',
    );
    const send = async (status: number, body: unknown) => {
      const { url } = await serve(answer(status, body));
      const operation = operationOf(open(noticed, url), 'thing.create');
      return operation.send(operation.freeze('T-1', {}));
    };

    it('carries what the provider adds, each with the field it names', async () => {
      const warnings = ['the name was cut', { text: 'no such street', at: 'Street' }, { other: 1 }, 7, '  '];
      const { notices } = await send(201, { warnings });
      expect(notices).toEqual([
        { text: 'no such street', field: 'Street' },
        { text: 'the name was cut' },
        { text: '7' },
      ]);
    });

    it('carries nothing where nothing is added, and nothing of a refusal', async () => {
      expect(await send(201, { warnings: [] })).not.toHaveProperty('notices');
      expect(await send(400, { warnings: ['x'], Message: 'no' })).not.toHaveProperty('notices');
    });

    it('carries at most 20, each of at most 1,000 characters, and never a secret', async () => {
      const long = Array.from({ length: 100 }, (_, index) => `${index} canary-token-4711 ${'x'.repeat(2000)}`);
      const { notices = [] } = await send(201, { warnings: long });
      expect(notices).toHaveLength(20);
      expect(Math.max(...notices.map(({ text }) => text.length))).toBe(1000);
      expect(JSON.stringify(notices)).not.toContain('canary');
    });

    it('carries none where a refusal means that it is done', async () => {
      const { url } = await serve(answer(409, { warnings: ['already closed'] }));
      const text = noticed.replace('outcomes:\n', 'outcomes:\n  - { status: 409, class: ACCEPTED }\n');
      const operation = operationOf(open(text, url), 'thing.create');
      expect(await operation.send(operation.freeze('T-1', {}))).not.toHaveProperty('notices');
    });
  });

  it('names the reference by the key in the address', async () => {
    expect(await sendTo(answer(201))).toMatchObject({ class: 'ACCEPTED', reference: 'T-1' });
  });

  it('names the reference by the key in a header', async () => {
    const { url, received } = await serve(answer(201));
    const text = thing
      .replace('path: /things/{key}\n    body', 'path: /things\n    headers: { Idempotency-Key: "t-{key}" }\n    body')
      .replace('repeat: url', 'repeat: header');
    const operation = operationOf(open(text, url), 'thing.create');
    expect(await operation.send(operation.freeze('T-1', {}))).toMatchObject({ reference: 'T-1' });
    expect(received[0]?.headers['idempotency-key']).toBe('t-T-1');
  });

  it('reads the reference out of the answer', async () => {
    const { url } = await serve(answer(201, '{"order":{"id":9007199254740993}}'));
    const text = thing.replace('reference: "{key}"', 'reference: "{answer.order.id}"');
    const operation = operationOf(open(text, url), 'thing.create');
    expect(await operation.send(operation.freeze('T-1', {}))).toMatchObject({ reference: '9007199254740993' });
  });

  describe('where the answer has to name the record', () => {
    const named = thing.replace('reference: "{key}"', 'reference: ["{answer.id}", "{answer.order.id}"]');
    const send = async (status: number, body: unknown, text = named) => {
      const { url } = await serve(answer(status, body));
      const operation = operationOf(open(text, url), 'thing.create');
      return operation.send(operation.freeze('T-1', {}));
    };

    it.each(['', '{}', '{"status":"ok"}', '{"id":""}', '[]', '{"order":{"id":null}}'])(
      'an acceptance that does not proves nothing: %s',
      async (body) => {
        const outcome = await send(201, body);
        expect(outcome).toMatchObject({
          class: 'AMBIGUOUS',
          detail: '201, and the answer does not name the record',
          status: 201,
        });
        expect(outcome).not.toHaveProperty('reference');
      },
    );

    it('one that does is an acceptance, and so is a refusal that means that it is done', async () => {
      expect(await send(201, { order: { id: 7 } })).toMatchObject({ class: 'ACCEPTED', reference: '7' });
      const done = named.replace('outcomes:\n', 'outcomes:\n  - { status: 410, class: ACCEPTED }\n');
      expect(await send(410, {}, done)).toMatchObject({ class: 'ACCEPTED' });
    });

    it('one of its references may need no answer: then none has to', async () => {
      const text = thing.replace('reference: "{key}"', 'reference: ["{answer.id}", "{key}"]');
      expect(await send(201, '', text)).toMatchObject({ class: 'ACCEPTED', reference: 'T-1' });
    });
  });

  it.each([
    [201, '<html>Sign in</html>'],
    [201, '{"cut":'],
    [409, '<html>proxy</html>'],
    [201, '['.repeat(200_000)],
    [201, `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('takes no final verdict from a body that is not JSON: %i', async (status, body) => {
    const outcome = await sendTo(answer(status, body));
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS', detail: `${status} with a body that is not JSON` });
  });

  it('asks for a body where the rule does', async () => {
    const { url } = await serve(answer(201));
    const text = thing.replace('status: 201, class: ACCEPTED', 'status: 201, class: ACCEPTED, answer: json');
    const operation = operationOf(open(text, url), 'thing.create');
    expect(await operation.send(operation.freeze('T-1', {}))).toMatchObject({
      class: 'AMBIGUOUS',
      detail: '201 with an empty body',
    });
  });

  it('tells outcomes apart by a field of the body, own rules first', async () => {
    const own = `    outcomes:
      - { status: 422, body: { type: [DUPLICATE_ID, DUPLICATE_NAME] }, class: ALREADY_EXISTS }
      - { status: 422, body: { "errors[].code": 7 }, class: RETRY_LATER }
      - { status: 4xx, class: FIX_DATA }
`;
    const bodies = ['{"type":"DUPLICATE_ID"}', '{"type":"X","errors":[{"code":7}]}', '{"type":"X"}'];
    const { url } = await serve((_request, response, position) => response.writeHead(422).end(bodies[position]));
    const operation = operationOf(open(thing + own, url), 'thing.create');
    const request = operation.freeze('T-1', {});
    const classes = [];
    for (const _ of bodies) classes.push((await operation.send(request)).class);
    expect(classes).toEqual(['ALREADY_EXISTS', 'RETRY_LATER', 'FIX_DATA']);
  });

  it.each([
    ['301', 'FIX_CREDENTIALS'],
    ['302', 'FIX_CREDENTIALS'],
    ['303', 'AMBIGUOUS'],
    ['307', 'FIX_CREDENTIALS'],
  ])('follows no redirect: %s', async (status, expected) => {
    const other = await serve(answer(200, '{}'));
    const outcome = await sendTo(answer(Number(status), '', { location: other.url }));
    expect(outcome).toMatchObject({ class: expected, detail: `${status} redirect, not followed` });
    expect(other.received).toEqual([]);
  });
});

describe('messages', () => {
  it('reads texts and lists of texts by field', async () => {
    const body = {
      Message: 'A validation error occurred.',
      ModelState: { 'ShipTo.PostalCode': 'Not valid.', 'Items[1].Quantity': ['Too small.', 'Not whole.'], Empty: null },
    };
    expect((await sendTo(answer(400, body))).messages).toEqual([
      { field: 'ShipTo.PostalCode', text: 'Not valid.' },
      { field: 'Items[1].Quantity', text: 'Too small.' },
      { field: 'Items[1].Quantity', text: 'Not whole.' },
      { text: 'A validation error occurred.' },
    ]);
  });

  it('reads lists of messages that name their field', async () => {
    const text = thing.replace(
      'messages: { text: Message, fields: ModelState }',
      'messages: { text: [message, "response.errors[].message"], list: { each: "errors[]", text: message, field: parameter } }',
    );
    const body = { message: 'bad', errors: [{ message: 'unknown', parameter: 'location' }, { message: 'odd' }] };
    const { url } = await serve(answer(400, body));
    const operation = operationOf(open(text, url), 'thing.create');
    expect((await operation.send(operation.freeze('T', {}))).messages).toEqual([
      { field: 'location', text: 'unknown' },
      { text: 'odd' },
      { text: 'bad' },
    ]);
  });

  it('tells a text once that stands for all of the answer and in its list', async () => {
    const text = thing.replace(
      'messages: { text: Message, fields: ModelState }',
      'messages: { text: [title, message], list: { each: "errors[]", text: message, field: field } }',
    );
    const errors = [
      { message: 'Unknown part.', field: 'partNumber' },
      { message: 'Unknown part.', field: 'substitute' },
    ];
    const { url } = await serve(answer(400, { title: 'Refused.', message: 'Unknown part.', errors }));
    const operation = operationOf(open(text, url), 'thing.create');
    expect((await operation.send(operation.freeze('T', {}))).messages).toEqual([
      { field: 'partNumber', text: 'Unknown part.' },
      { field: 'substitute', text: 'Unknown part.' },
      { text: 'Refused.' },
    ]);
  });

  it('finds messages about fields inside a text', async () => {
    const inside = String.raw`(?<field>\\w+(?:\\[\\d+\\]|\\.\\w+)+): (?<text>[^;]+)`;
    const text = thing.replace(
      'messages: { text: Message, fields: ModelState }',
      `messages: { text: detail, inside: "${inside}" }`,
    );
    const { url } = await serve(answer(400, { detail: 'lines[0].sku: A not found; lines[1].count: too many' }));
    const operation = operationOf(open(text, url), 'thing.create');
    expect((await operation.send(operation.freeze('T', {}))).messages).toEqual([
      { field: 'lines[0].sku', text: 'A not found' },
      { field: 'lines[1].count', text: 'too many' },
    ]);
    const other = await serve(answer(400, { detail: 'Note: no such order' }));
    const again = operationOf(open(text, other.url), 'thing.create');
    expect((await again.send(again.freeze('T', {}))).messages).toEqual([{ text: 'Note: no such order' }]);
    expect(findings(text.replace('?<text>', '?<words>')).join('\n')).toMatch(/wrong-value .*"field" and "text"/);
  });

  it('puts a prefix before the field, so that the error of an item finds its cell', async () => {
    const text = thing.replace(
      'messages: { text: Message, fields: ModelState }',
      'messages: { list: { each: "results[0].errors[]", text: message, field: field, prefix: "products[0]." } }',
    );
    const results = [{ errors: [{ message: 'Too long.', field: 'name' }, { message: 'Odd.' }] }];
    const { url } = await serve(answer(400, { results }));
    const operation = operationOf(open(text, url), 'thing.create');
    expect((await operation.send(operation.freeze('T', {}))).messages).toEqual([
      { field: 'products[0].name', text: 'Too long.' },
      { text: 'Odd.' },
    ]);
  });

  it.each(['', '[]', '{"ModelState":"x"}', '{"ModelState":null,"Message":{}}', 'text'])(
    'bears an answer without messages: %s',
    async (body) => {
      expect((await sendTo(answer(400, body))).messages).toEqual([]);
    },
  );

  it('bounds what a provider can make us store', async () => {
    const ModelState = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, 'x'.repeat(5000)]));
    const { messages, answer: stored = '' } = await sendTo(answer(400, { ModelState }));
    expect(messages).toHaveLength(100);
    expect(messages[0]?.text).toHaveLength(1000);
    expect(stored.length).toBeLessThanOrEqual(65_536);
  });
});

describe('Retry-After', () => {
  const clock = createFakeClock();
  const at = (seconds: number): string => new Date(clock.now() + seconds * 1000).toUTCString();
  // node:http adds its own date unless told not to.
  const wait = async (retryAfter: string, date?: string) =>
    (
      await sendTo(
        (_request, response) => {
          response.sendDate = false;
          if (date !== undefined) response.setHeader('date', date);
          response.writeHead(429, { 'retry-after': retryAfter }).end();
        },
        { clock },
      )
    ).retryAfterMs;

  it.each([
    ['seconds', '3', 3_000],
    ['half seconds', '1.5', 1_500],
    ['zero, kept at a second', '0', 1_000],
    ['a year, kept at an hour', '31536000', 3_600_000],
    ['garbage', 'soon', undefined],
    ['a negative number', '-5', undefined],
    ['a date', at(90), 90_000],
    ['a date that has passed', at(-90), 1_000],
  ])('reads %s', async (_what, text, expected) => {
    expect(await wait(text)).toBe(expected);
  });

  it("measures a date by the provider's own clock", async () => {
    expect(await wait(at(100_030), at(100_000))).toBe(30_000);
  });
});
