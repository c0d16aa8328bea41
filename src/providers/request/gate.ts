/** Lets a bounded number through at once; the others wait in the order they came. */
export interface Gate {
  /** Answers the function that leaves the gate; undefined when the signal aborted while waiting. */
  enter(signal?: AbortSignal): Promise<(() => void) | undefined>;
}

export function createGate(width: number): Gate {
  let inside = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    inside--;
    const [next] = waiting;
    next?.();
  };
  const enterNow = (): (() => void) => {
    inside++;
    return leave;
  };
  return {
    enter(signal) {
      if (signal?.aborted === true) return Promise.resolve(undefined);
      if (inside < width) return Promise.resolve(enterNow());
      return new Promise((resolve) => {
        const settle = (isAborted: boolean): void => {
          waiting.delete(admit);
          signal?.removeEventListener('abort', abort);
          resolve(isAborted ? undefined : enterNow());
        };
        const admit = (): void => settle(false);
        const abort = (): void => settle(true);
        waiting.add(admit);
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
