import type { Clock } from '../core/clock.ts';
import type { Format } from '../core/format.ts';
import type { Log } from '../core/log.ts';
import type { OwnAccess } from './auth/access.ts';
import type { Transport } from './request/transport.ts';

/** What the operations and feeds of one provider share at run time. */
export interface Context {
  readonly provider: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly transport: Transport;
  /** Address of the API; its path goes before every path of the definition. */
  readonly baseUrl: URL;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes our secrets out of a text of the provider. */
  readonly redact: (text: string) => string;
  readonly own: OwnAccess;
  /** How files of the provider are read, by the names of their formats. */
  readonly formats: ReadonlyMap<string, Pick<Format, 'read'>>;
}
