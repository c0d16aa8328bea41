import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Log, LogFields } from '../../../src/core/log.ts';

/** A clock that stands still until it is moved; its wall can be set without the monotonic time noticing. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  setWall(ms: number): void;
  /** Waits until somebody sleeps; answers for how long. */
  asleep(): Promise<number>;
  /** How often somebody went to sleep. */
  slept(): number;
  isAsleep(): boolean;
}

const START = Date.UTC(2026, 4, 4, 14, 0, 0);

export function createTestClock(start = START): TestClock {
  let wall = start;
  let time = 1_000_000;
  let slept = 0;
  const sleepers = new Set<{ due: number; ms: number; wake: () => void }>();
  let onSleep: (() => void)[] = [];
  return {
    now: () => wall,
    monotonic: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { due: time + ms, ms, wake: resolve };
        const end = (): void => {
          sleepers.delete(sleeper);
          resolve();
        };
        sleeper.wake = end;
        slept++;
        if (signal?.aborted === true) return end();
        sleepers.add(sleeper);
        signal?.addEventListener('abort', end, { once: true });
        for (const tell of onSleep.splice(0)) tell();
      }),
    advance(ms) {
      time += ms;
      wall += ms;
      for (const sleeper of sleepers) if (sleeper.due <= time) sleeper.wake();
    },
    setWall(ms) {
      wall = ms;
    },
    slept: () => slept,
    isAsleep: () => sleepers.size > 0,
    async asleep() {
      if (sleepers.size === 0) await new Promise<void>((resolve) => (onSleep = [...onSleep, resolve]));
      return Math.min(...[...sleepers].map(({ ms }) => ms));
    },
  };
}

export interface TestLog extends Log {
  readonly lines: readonly { readonly level: string; readonly fields: LogFields; readonly message: string }[];
  /** Waits until a message was logged so many times. */
  saw(message: string, times?: number): Promise<void>;
}

export function createTestLog(): TestLog {
  const lines: { level: string; fields: LogFields; message: string }[] = [];
  let watchers: (() => void)[] = [];
  const write = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message });
    for (const look of watchers) look();
  };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    saw: (message, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (lines.filter((line) => line.message === message).length < times) return;
          watchers = watchers.filter((watcher) => watcher !== look);
          resolve();
        };
        watchers = [...watchers, look];
        look();
      }),
  };
}

/** A directory that is gone when the test has ended. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-unit-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
