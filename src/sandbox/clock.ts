import { AdminError } from './frame.ts';

/** The stand-in's own time, in ms since the epoch. It never goes back. */
export interface SandboxClock {
  now(): number;
  scale(): number;
  advance(milliseconds: number): void;
  /** Throws `AdminError` for a time before now. */
  moveTo(time: number): void;
  setScale(scale: number): void;
  reset(): void;
  /** Continues from a time and scale kept earlier. */
  resume(time: number, scale: number): void;
}

/** A clock that runs `initialScale` times as fast as `realNow` (ms), starting at the real time. */
export function createClock(realNow: () => number, initialScale: number): SandboxClock {
  let since = realNow();
  let base = since;
  let scale = initialScale;
  const now = (): number => Math.floor(base + Math.max(0, realNow() - since) * scale);
  const restart = (time: number, speed: number): void => {
    base = time;
    since = realNow();
    scale = speed;
  };
  return {
    now,
    scale: () => scale,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new AdminError('advanceMs must be 0 or more');
      restart(now() + milliseconds, scale);
    },
    moveTo(time) {
      if (!(time >= now())) throw new AdminError('the clock never goes back; reset starts it anew');
      restart(time, scale);
    },
    setScale(speed) {
      if (!(speed >= 0 && Number.isFinite(speed))) throw new AdminError('scale must be a number of 0 or more');
      restart(now(), speed);
    },
    reset: () => restart(realNow(), initialScale),
    resume: restart,
  };
}
