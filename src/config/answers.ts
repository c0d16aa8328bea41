import { durationPattern } from '../core/duration.ts';
import type { AnswerRule } from '../core/flow-rules.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';
import { suggestion } from '../core/shape.ts';
import type { Config } from './config.ts';

const formats = ['csv', 'json', 'ndjson', 'xlsx'] as const;

/** Schemas of what an inbound flow says of its answers; spread into the schema of `inbound`. */
export const answerSchemas = {
  results: {
    description:
      'Where result files and reject sheets go; or, to say more of result files: { in: orders/results, when: errors, per: file }.',
    type: ['string', 'object'],
    minLength: 1,
    additionalProperties: false,
    required: ['in'],
    properties: {
      in: { type: 'string', minLength: 1, description: 'Directory of all answers.' },
      folder: {
        type: 'string',
        minLength: 1,
        description: 'Folder that the directory is in. Left out: the folder of the drops.',
      },
      when: {
        enum: ['always', 'errors', 'never'],
        default: 'always',
        description:
          'When a result file is written. errors: only when something was refused or is held. The reject sheet is always written.',
      },
      per: {
        enum: ['file', 'document', 'line'],
        default: 'document',
        description: 'What one line of a result file is about: the whole drop, a document, or a record of the drop.',
      },
      format: { enum: formats, description: 'Format of result files; as `result`.' },
      received: {
        type: 'boolean',
        default: false,
        description:
          'Also write <name>.received.<ext> as soon as a drop is received, before its documents have an end.',
      },
    },
  },
  result: {
    enum: formats,
    description:
      'Format of result files. Left out: as the drops themselves; CSV for fixed-width drops and whole files.',
  },
  acknowledges: {
    description:
      'Outbound flow, or several, whose files these drops acknowledge: the mapping makes { file or sequence, accepted, message } of them. Instead of `submit`.',
    type: ['string', 'array'],
    minLength: 1,
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', minLength: 1 },
  },
} as const;

/** A flow goes to a provider or is about our own files. */
export const submitOrAcknowledge = {
  if: { required: ['acknowledges'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { properties: { submit: false } },
  else: { required: ['submit'] },
} as const;

const within = (what: string) =>
  ({
    type: 'object',
    description: what,
    additionalProperties: false,
    required: ['within'],
    properties: {
      within: { type: 'string', pattern: durationPattern, description: 'A duration: 30m, 4h, 1d.' },
    },
  }) as const;

/** Schemas of what an outbound flow awaits of its files; spread into the schema of `outbound`. */
export const awaitedSchemas = {
  collected: within('How long after a file went out it may lie in its folder. Later it is an incident in dray status.'),
  acknowledged: within(
    'How long after a file went out an acknowledgement may take (a flow with `acknowledges`). Later it is an incident.',
  ),
} as const;

/** As they stand in the file. */
export interface RawAnswers {
  readonly results: string | RawResults;
  readonly result?: string;
  readonly acknowledges?: string | readonly string[];
}
interface RawResults {
  readonly in: string;
  readonly folder?: string;
  readonly when?: AnswerRule['when'];
  readonly per?: AnswerRule['per'];
  readonly format?: string;
  readonly received?: boolean;
}

/** Where answers go, their format, and what they tell. */
export function answersOf({ results, result }: RawAnswers): {
  in: string;
  folder: string | undefined;
  format: string | undefined;
  rule: AnswerRule;
} {
  const {
    when = 'always',
    per = 'document',
    received = false,
    ...own
  } = typeof results === 'string' ? { in: results } : results;
  const rule = { when, per, isReceiptWanted: received };
  return { in: own.in, folder: own.folder, format: own.format ?? result, rule };
}

/** What the shape alone cannot say of one flow's answers. */
export function checkAnswers(yaml: PositionedYaml, flow: string, { results, result }: RawAnswers): Issue[] {
  if (typeof results === 'string' || results.format === undefined || result === undefined) return [];
  const what = 'the format of result files is said twice';
  const hint = 'Keep results.format, and take result out.';
  return [createIssue('wrong-value', yaml.place(['inbound', flow, 'result']), { what, hint })];
}

/** Flows that acknowledge files which no flow writes. */
export function checkAcknowledged({ inbound, outbound, yaml }: Config): Issue[] {
  return [...inbound].flatMap(([name, { acknowledges }]) =>
    acknowledges.flatMap((flow) => {
      if (outbound.has(flow)) return [];
      const what = `there is no outbound flow "${flow}"`;
      const place = yaml.place(['inbound', name, 'acknowledges']);
      return [createIssue('unknown-reference', place, { what, ...suggestion(flow, [...outbound.keys()]) })];
    }),
  );
}

/** Outbound flows that await acknowledgements which no flow can bring. */
export function checkAwaited({ inbound, outbound, yaml }: Config): Issue[] {
  const acknowledged = new Set([...inbound.values()].flatMap(({ acknowledges }) => acknowledges));
  return [...outbound].flatMap(([name, { acknowledgedMs }]) => {
    if (acknowledgedMs === undefined || acknowledged.has(name)) return [];
    const what = 'no inbound flow acknowledges files of this flow: every one of them would become overdue';
    const hint = `Add an inbound flow with acknowledges: ${name}.`;
    return [createIssue('wrong-value', yaml.keyPlace(['outbound', name, 'acknowledged']), { what, hint })];
  });
}
