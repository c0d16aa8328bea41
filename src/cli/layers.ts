import { describeIssue } from '../core/issue.ts';
import type { DocumentView, LedgerReader, OutboundFile } from '../core/ledger.ts';

/** How far a document came, layer by layer: each one says something that the one before does not. */
export interface Layers {
  /** Its drop is safe here. */
  readonly received: {
    readonly at: string | undefined;
    readonly drop: number;
    readonly file: string;
    readonly line: number;
  };
  /** A request could be made of it. */
  readonly readable: { readonly is: boolean; readonly why?: readonly string[] };
  /** Its provider has it. */
  readonly accepted: {
    readonly is: boolean;
    readonly status: DocumentView['status'];
    readonly provider?: string;
    readonly reference?: string;
    readonly at?: string;
  };
  /** What the provider did with it, as far as files of ours told it. */
  readonly done: readonly {
    readonly flow: string;
    readonly path: string;
    readonly at: string | undefined;
    readonly isPublished: boolean;
  }[];
}

export async function layersOf(ledger: LedgerReader, document: DocumentView): Promise<Layers> {
  const { dropId, file, line, key, submission, status } = document;
  const drop = await ledger.drop(dropId);
  const received = { at: timeText(drop?.receivedAt), drop: dropId, file, line };
  if (submission === undefined) {
    const why = document.issues.map(describeIssue);
    return { received, readable: { is: false, why }, accepted: { is: false, status }, done: [] };
  }
  const { provider, reference, attempts } = submission;
  const is = submission.state === 'accepted';
  const at = is ? timeText(attempts.findLast(({ endedAt }) => endedAt !== undefined)?.endedAt) : undefined;
  const files = await ledger.filesAbout(provider, [key, submission.key]);
  return {
    received,
    readable: { is: true },
    accepted: {
      is,
      status,
      provider,
      ...(reference === '' ? {} : { reference }),
      ...(at === undefined ? {} : { at }),
    },
    done: files.map(doneBy),
  };
}

function doneBy({ flow, path, state, publishedAt }: OutboundFile): Layers['done'][number] {
  return { flow, path, at: timeText(publishedAt), isPublished: state === 'published' };
}

/** The same for people, one line for each layer, in their order. */
export function describeLayers({ received, readable, accepted, done }: Layers): readonly string[] {
  const { provider = '', reference = '' } = accepted;
  const known = reference === '' ? '' : ` as ${reference}`;
  return [
    `  received: ${received.at ?? 'not yet'}, drop ${received.drop} line ${received.line}`,
    `  readable: ${readable.is ? 'yes' : 'no'}`,
    accepted.is
      ? `  accepted: by ${provider}${known}${accepted.at === undefined ? '' : `, ${accepted.at}`}`
      : `  accepted: no, ${accepted.status}`,
    ...(done.length === 0 ? ['  done: no file told of it yet'] : done.map(describeDone)),
  ];
}

function describeDone({ flow, path, at, isPublished }: Layers['done'][number]): string {
  return `  done: told in ${path} (${flow}), ${isPublished ? (at ?? 'published') : 'not out yet'}`;
}

function timeText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
