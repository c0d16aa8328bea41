import { acknowledgeOperation, OUR_FILES } from '../../core/acknowledgement.ts';
import type { Clock } from '../../core/clock.ts';
import { isFailure } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Acknowledgement, AnswerLedger, OutboundFile } from '../../core/ledger.ts';
import type { FrozenRequest, Operation, Outcome, Provider } from '../../core/provider.ts';
import { acknowledgementSchema } from './ack-schema.ts';

export interface AcknowledgerSetup {
  /** Inbound flows, and the outbound flows whose files each may acknowledge. */
  readonly flows: ReadonlyMap<string, readonly string[]>;
  readonly ledger: Pick<AnswerLedger, 'acknowledgeFile'>;
  readonly clock: Pick<Clock, 'now'>;
  /** An acknowledgement of a file of this flow is in the ledger. */
  readonly onRecorded: (outboundFlow: string) => Promise<void>;
}

/**
 * Stands where a provider does for drops that acknowledge our files, so that everything that holds for drops holds for them:
 * books, result files, reject sheets, repeats after a crash. Its operations write into the ledger and send nothing.
 */
export function createAcknowledger(setup: AcknowledgerSetup): Provider {
  const operations = [...setup.flows].map(([flow, files]) => acknowledging(acknowledgeOperation(flow), files, setup));
  return {
    name: OUR_FILES,
    retry: { baseMs: 1000, capMs: 60_000, attempts: 10 },
    // In the order in which they were read: what is said last of a file holds.
    concurrency: 1,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    feeds: new Map(),
    close: () => Promise.resolve(),
  };
}

/** A request to ourselves: what was said, and when it was read. */
interface Said {
  readonly file?: string;
  readonly sequence?: string;
  readonly accepted: boolean;
  readonly message?: string;
  readonly readAt: number;
}

function acknowledging(name: string, flows: readonly string[], setup: AcknowledgerSetup): Operation {
  return {
    name,
    schema: acknowledgementSchema,
    key: (documentKey) => ({ key: documentKey }),
    freeze: (_key, payload) => freeze(payload, setup.clock.now()),
    prepare: undefined,
    lookUp: undefined,
    // Saying it again changes nothing.
    isRepeatable: true,
    // The same words about the same name may be about the next file that has it.
    revisions: 'always',
    send: ({ body }) => record(JSON.parse(body) as Said, flows, setup),
  };
}

/** With the time of its reading: a file that goes out later, perhaps under the same name, is not what was meant. */
function freeze(payload: Json, readAt: number): FrozenRequest {
  const body = JSON.stringify({ ...(payload as JsonObject), readAt });
  return { method: 'POST', path: '/acknowledgements', headers: {}, body };
}

async function record(
  said: Said,
  flows: readonly string[],
  { ledger, onRecorded }: AcknowledgerSetup,
): Promise<Outcome> {
  let file: OutboundFile | 'unknown' | 'ambiguous';
  try {
    file = await ledger.acknowledgeFile(acknowledgementOf(said, flows));
  } catch (error) {
    if (!isFailure(error, 'disk-full')) throw error;
    return { class: 'RETRY_LATER', messages: [], detail: error.message };
  }
  if (typeof file === 'string') return notFound(said, file);
  await onRecorded(file.flow);
  return { class: 'ACCEPTED', reference: file.path, messages: [], detail: 'recorded' };
}

function acknowledgementOf(
  { file, sequence, accepted, message = '', readAt }: Said,
  flows: readonly string[],
): Acknowledgement {
  const said = { flows, isAccepted: accepted, message, saidAt: readAt };
  if (file === undefined) return { ...said, sequence: Number(sequence) };
  const path = file.replaceAll('\\', '/');
  return { ...said, name: path.slice(path.lastIndexOf('/') + 1), path };
}

const NOT_FOUND = {
  unknown: { text: 'no such file went out', code: 'unknown-file' },
  ambiguous: { text: 'files of several flows can be meant', code: 'ambiguous-file' },
} as const;

function notFound({ file, sequence }: Said, why: keyof typeof NOT_FOUND): Outcome {
  const [field, value = ''] = file === undefined ? ['sequence', sequence] : ['file', file];
  return { class: 'FIX_DATA', messages: [{ ...NOT_FOUND[why], field, unknown: value }], detail: why };
}
