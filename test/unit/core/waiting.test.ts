import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createSignalBox } from '../../../src/core/signal-box.ts';
import { createTestClock } from './support.ts';

const never = new AbortController().signal;

describe('a signal box', () => {
  test('remembers a ring until somebody waits, and only one', async () => {
    const clock = createTestClock();
    const box = createSignalBox();
    box.wake();
    box.wake();
    await box.wait(1000, clock, never);
    const second = box.wait(1000, clock, never);
    expect(await clock.asleep()).toBe(1000);
    box.wake();
    await second;
  });

  test('ends the wait when the time is over', async () => {
    const clock = createTestClock();
    const wait = createSignalBox().wait(1000, clock, never);
    await clock.asleep();
    clock.advance(1000);
    await wait;
  });

  test('ends the wait when the signal aborts, before or meanwhile', async () => {
    const clock = createTestClock();
    const box = createSignalBox();
    const stop = new AbortController();
    const wait = box.wait(1000, clock, stop.signal);
    stop.abort();
    await wait;
    await box.wait(1000, clock, stop.signal);
  });

  test('throws what failed at the next wait, the first failure of several', async () => {
    const clock = createTestClock();
    const box = createSignalBox();
    const wait = box.wait(1000, clock, never);
    box.fail(new Error('first'));
    box.fail(new Error('second'));
    await expect(wait).rejects.toThrow('first');
  });

  test('leaves no listener behind', async () => {
    const clock = createTestClock();
    const box = createSignalBox();
    const { signal } = new AbortController();
    const wait = box.wait(1000, clock, signal);
    box.wake();
    await wait;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('the clock of the system', () => {
  test('sleeps no longer than asked for and ends early when told', async () => {
    const stop = new AbortController();
    const sleep = systemClock.sleep(2 ** 40, stop.signal);
    stop.abort();
    await sleep;
    await systemClock.sleep(2 ** 40, stop.signal);
    await systemClock.sleep(0);
  });

  test('does not go off at once when the time is longer than a timer can be', async () => {
    const stop = new AbortController();
    const months = systemClock.sleep(100 * 86_400_000, stop.signal).then(() => 'over');
    expect(await Promise.race([months, systemClock.sleep(20).then(() => 'still asleep')])).toBe('still asleep');
    stop.abort();
    await months;
  });
});
