import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createGate } from '../../../src/providers/request/gate.ts';
import { createPace } from '../../../src/providers/request/pace.ts';
import { createFakeClock, open, operationOf, serve, thing } from './support.ts';

it('spreads requests evenly over time', async () => {
  const clock = createFakeClock();
  const pace = createPace('2/s', clock);
  let passed = 0;
  const all = Array.from({ length: 4 }, () => pace.wait().then(() => passed++));
  await clock.advance(0);
  expect(passed).toBe(1);
  await clock.advance(499);
  expect(passed).toBe(1);
  await clock.advance(1);
  expect(passed).toBe(2);
  await clock.advance(1000);
  await Promise.all(all);
  expect(passed).toBe(4);
});

it('saves up no burst while idle', async () => {
  const clock = createFakeClock();
  const pace = createPace('60/m', clock);
  await clock.advance(3_600_000);
  await pace.wait();
  const second = pace.wait();
  expect(clock.sleepers()).toBe(1);
  await clock.advance(1000);
  await second;
});

it('lets those who wait through in order, and forgets those who gave up', async () => {
  const gate = createGate(1);
  const stop = new AbortController();
  const leave = await gate.enter();
  const impatient = gate.enter(stop.signal);
  const patient = gate.enter();
  stop.abort();
  expect(await impatient).toBeUndefined();
  leave?.();
  expect(await patient).toBeTypeOf('function');
});

it('keeps no more requests under way than allowed', async () => {
  const held: ServerResponse[] = [];
  let arrive: () => void = () => undefined;
  const { url, received } = await serve((_request, response) => {
    held.push(response);
    arrive();
  });
  const arrival = (count: number) =>
    new Promise<void>((resolve) => {
      arrive = () => held.length === count && resolve();
      arrive();
    });
  onTestFinished(() => held.forEach((response) => response.destroy()));
  const operation = operationOf(open(thing, url, { limits: { concurrency: 2 } }), 'thing.create');
  const request = operation.freeze('T', {});
  const all = Promise.all(Array.from({ length: 4 }, () => operation.send(request)));
  await arrival(2);
  expect(received).toHaveLength(2);
  held[0]?.writeHead(201).end();
  await arrival(3);
  expect(received).toHaveLength(3);
  held[1]?.writeHead(201).end();
  await arrival(4);
  for (const response of held.slice(2)) response.writeHead(201).end();
  expect((await all).map((outcome) => outcome.class)).toEqual(Array(4).fill('ACCEPTED'));
});

it('refuses a rate nobody can keep', () => {
  expect(() => open(thing, 'http://127.0.0.1:1', { limits: { rate: '0/s' } })).toThrow(/rate/);
});
