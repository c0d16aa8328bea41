import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { answer, thing, type Received } from '../providers/support.ts';
import { createLaneScene } from './lane-scene.ts';

const definition = `${thing.replace('reference: "{key}"', 'reference: "{answer.id}"')}retry: { base: 1ms, cap: 2ms, attempts: 5 }\n`;

/** The first PUT is answered by something that knows of no record; whether the provider itself got it is told. */
function foreign(status: number, body: string, isMade: boolean) {
  let record: object | undefined = isMade ? { id: 'R-7', Name: 'A' } : undefined;
  let sends = 0;
  return (request: Received, response: ServerResponse): void => {
    if (request.method === 'GET') {
      if (record !== undefined && sends > 0) answer(200, record)(request, response);
      else answer(404, '{}')(request, response);
    } else if (sends++ === 0) answer(status, body)(request, response);
    else {
      record = { id: 'R-8', Name: 'A' };
      answer(201, record)(request, response);
    }
  };
}

const PUT = 'PUT /things/A-1 {"Name":"A"}';
const GET = 'GET /things/A-1';

test.each([
  ['nobody made is looked up and sent again', '', false, 'R-8', [PUT, GET, PUT]],
  ['nobody made is looked up and sent again', '{"status":"ok"}', false, 'R-8', [PUT, GET, PUT]],
  ['was made has the reference of what is found', '{"status":"ok"}', true, 'R-7', [PUT, GET]],
])('an order that %s: %j', async (_what, body, isMade, reference, asked) => {
  const scene = await createLaneScene(foreign(201, body, isMade), definition);
  await scene.submit('A');
  await scene.run();
  expect(scene.asked()).toEqual(asked);
  expect(scene.ends.at(-1)).toMatchObject({ state: 'accepted', reference });
});

test('an order that fails each time is held with what the provider said last, not with what the look-up found', async () => {
  const scene = await createLaneScene((request, response) => {
    if (request.url.endsWith('/B-2')) answer(201, { id: 'R-2' })(request, response);
    else if (request.method === 'GET') answer(404, '{}')(request, response);
    else answer(500, { Message: 'No carrier takes it.' })(request, response);
  }, definition);
  await scene.submit('A');
  await scene.submit('B');
  await scene.run();
  const [held] = await scene.ledger.submissions({ state: 'held', limit: 2 });
  expect(held).toMatchObject({ key: 'A-1' });
  const [document] = await scene.ledger.documents({ key: 'A', limit: 1 });
  expect(document?.issues).toMatchObject([{ code: 'outcome-unknown', what: 'the provider says: No carrier takes it' }]);
});
