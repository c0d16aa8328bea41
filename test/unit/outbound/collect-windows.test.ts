import { expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { liveFeed, storedBodies } from './live-support.ts';
import { createDesk } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const definition =
  'request: { method: POST, body: { limit: 2 } }, paging: { token: { field: paging.next, body: token } }, items: data, ' +
  'identity: [id, at], changes: { since: { body: at.startsAt, until: at.endsAt, format: epoch-ms, field: at, slice: 30d, start: 60d }, ' +
  'dead: [400] }, follow: [{ when: { status: FAILED }, path: "/things/{item.id}/history?all=1", as: history }]';

interface Asked {
  readonly at: { readonly startsAt: number; readonly endsAt: number };
  readonly token?: string;
}

test('a list of records, the newest first, in windows, by POST and token, is read whole while its records change', async () => {
  const desk = await createDesk();
  const now = desk.clock.now();
  const records = Array.from({ length: 9 }, (_, id) => ({ id, at: now - (id + 1) * 6 * DAY, status: 'NEW' }));
  const pages = new Map<string, { id: number; at: number; status: string }[]>();
  let tokens = 0;
  let isBusy = true;
  const live = await liveFeed(definition, (request, response) => {
    if (request.method === 'GET') return response.end(`[{"was":"${request.url}"}]`);
    const { at, token } = JSON.parse(request.body) as Asked;
    if (at.endsAt - at.startsAt > 30 * DAY) return response.writeHead(422).end('{}');
    const inWindow = records.filter((one) => one.at >= at.startsAt && one.at <= at.endsAt);
    const left = token === undefined ? inWindow.map((one) => ({ ...one })) : pages.get(token);
    // The third token is gone before it is used, and a record changes meanwhile.
    if (left === undefined || (tokens === 3 && isBusy)) {
      isBusy = false;
      Object.assign(records[7] ?? {}, { at: now - HOUR, status: 'FAILED' });
      return response.writeHead(400).end('{}');
    }
    const shown = left.sort((a, b) => b.at - a.at).splice(0, 2);
    const next = left.length === 0 ? null : `token ${++tokens}`;
    if (next !== null) pages.set(next, left);
    return response.end(JSON.stringify({ data: shown, paging: { next } }));
  });
  await collectFeed(desk.flow(live.feed), desk.parts, desk.never);
  const bodies = await storedBodies(desk);
  expect(new Set(bodies.map(({ id }) => id))).toEqual(new Set(records.map(({ id }) => id)));
  expect(bodies.find(({ id, status }) => id === 7 && status === 'FAILED')).toMatchObject({
    history: [{ was: '/things/7/history?all=1' }],
  });
  const posts = live.received.filter(({ method }) => method === 'POST').length;
  // Nothing new: one window, its one page of what lies in the overlap, and no second look at the history.
  await collectFeed(desk.flow(live.feed), desk.parts, desk.never);
  expect(live.received.filter(({ method }) => method === 'GET')).toHaveLength(1);
  expect(live.received.filter(({ method }) => method === 'POST').length - posts).toBe(1);
});
