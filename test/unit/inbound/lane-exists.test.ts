import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { answer, thing, type Received } from '../providers/support.ts';
import { createLaneScene } from './lane-scene.ts';

const ATTEMPTS = 5;
const retry = `retry: { base: 1ms, cap: 2ms, attempts: ${ATTEMPTS} }\n`;
// What exists has no id in the answer: only the record itself tells it.
const nameless = `${thing.replace('reference: "{key}"', 'reference: "{answer.id}"')}${retry}`;
const LOOK_UP = 'GET /things/A-1';

/** PUT says "already exists", the first one without an answer where told; the record is there from a look-up on. */
function exists({ isFirstLost = false, visibleFrom = Infinity, name = 'A' }) {
  let [sends, lookUps] = [0, 0];
  return (request: Received, response: ServerResponse): void => {
    if (request.method === 'PUT') {
      if (isFirstLost && sends++ === 0) response.destroy();
      else answer(409, '{}')(request, response);
    } else if (++lookUps >= visibleFrom) answer(200, { id: 'R-7', Name: name })(request, response);
    else answer(404, '{}')(request, response);
  };
}

describe('a record that the provider says it has', () => {
  test('and never finds is looked for some times, not sent again, and left to a person', async () => {
    const scene = await createLaneScene(exists({}), nameless);
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toEqual(['PUT /things/A-1 {"Name":"A"}', ...Array<string>(ATTEMPTS).fill(LOOK_UP)]);
    expect(scene.ends.at(-1)).toMatchObject({ state: 'held', issues: [{ code: 'outcome-unknown', got: 'A-1' }] });
  });

  test('is looked for later each time, not at full speed', async () => {
    const slow = nameless.replace('base: 1ms, cap: 2ms', 'base: 40ms, cap: 40ms');
    const scene = await createLaneScene(exists({}), slow);
    await scene.submit('A');
    await scene.run();
    const dueAts = scene.ends.flatMap(({ dueAt }) => dueAt ?? []);
    // Backoff takes half of its bound here.
    const waits = dueAts.slice(1).map((dueAt, index) => dueAt - (dueAts[index] ?? 0));
    expect(waits).toHaveLength(ATTEMPTS - 1);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(20);
  });

  test('is sent again when a person releases it, and counted anew', async () => {
    const scene = await createLaneScene(exists({}), nameless);
    await scene.submit('A');
    await scene.run();
    const [held] = await scene.ledger.submissions({ state: 'held', limit: 1 });
    await scene.ledger.releaseSubmission(held?.id ?? 0);
    await scene.run();
    const again = scene.asked().slice(1 + ATTEMPTS);
    expect(again).toEqual(['PUT /things/A-1 {"Name":"A"}', ...Array<string>(ATTEMPTS).fill(LOOK_UP)]);
  });

  test.each([
    ['A', 'accepted', []],
    ['B', 'rejected', ['key-in-use']],
  ])('and finds later is judged by what it holds: %s', async (name, state, codes) => {
    const scene = await createLaneScene(exists({ visibleFrom: 3, name }), nameless);
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toHaveLength(4);
    const end = scene.ends.at(-1);
    expect([end?.state, end?.issues.map(({ code }) => code)]).toEqual([state, codes]);
  });

  test('after a lost answer is read back, for its reference', async () => {
    const scene = await createLaneScene(exists({ isFirstLost: true, visibleFrom: 2 }), nameless);
    await scene.submit('A');
    await scene.run();
    const send = 'PUT /things/A-1 {"Name":"A"}';
    expect(scene.asked()).toEqual([send, LOOK_UP, send, LOOK_UP]);
    expect(scene.ends.at(-1)).toMatchObject({ state: 'accepted', reference: 'R-7' });
    expect(await scene.ledger.submissions({ state: 'accepted', limit: 1 })).toMatchObject([{ reference: 'R-7' }]);
  });

  test('after a lost answer is ours even where it is never found', async () => {
    const scene = await createLaneScene(exists({ isFirstLost: true }), nameless);
    await scene.submit('A');
    await scene.run();
    expect(scene.ends.at(-1)).toMatchObject({ state: 'accepted', issues: [] });
    expect(scene.asked()).toHaveLength(3 + ATTEMPTS);
  });
});

describe('a repeat that is refused because the first one arrived', () => {
  const cancel = `${thing
    .replace(
      'repeat: url',
      'repeat: url\n    outcomes: [{ status: 410, after: lost, class: ACCEPTED }, { status: 410, class: TOO_LATE }]',
    )
    .replace(/ {4}lookUp.*\n/, '')}${retry}`;

  test.each([
    ['is done where the definition says so', true, 'accepted', []],
    ['is a refusal where no answer was lost', false, 'rejected', ['too-late']],
  ])('%s', async (_what, isLost, state, codes) => {
    const scene = await createLaneScene((request, response, position) => {
      if (isLost && position === 0) response.destroy();
      else answer(410, '{}')(request, response);
    }, cancel);
    await scene.submit('A');
    await scene.run();
    const end = scene.ends.at(-1);
    expect([end?.state, end?.issues.map(({ code }) => code)]).toEqual([state, codes]);
  });
});
