import { pino } from 'pino';
import type { Log } from '../core/log.ts';
import { createRedaction } from '../core/redaction.ts';

const SHORTEST_SECRET = 4;

/** Log of one process: JSON lines on standard error, with every secret replaced by value. */
export function createLog(level: string, secrets: readonly string[]): Log {
  const redact = createRedaction(secrets, SHORTEST_SECRET);
  const destination = pino.destination({ dest: 2, sync: true });
  // A reader that went away must not stop the work.
  destination.on('error', () => undefined);
  return pino({ level, base: null }, { write: (line: string) => destination.write(redact(line)) });
}
