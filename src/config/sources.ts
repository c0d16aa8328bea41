import picomatch from 'picomatch';
import { fillName, fitsTemplate, isTemporaryName } from '../core/folder-names.ts';
import { createIssue, type ConfigDetails, type Issue } from '../core/issue.ts';
import type { Original } from '../core/ledger.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';
import type { Config, InboundConfig } from './config.ts';

/** Schemas of what an inbound flow says of its originals; spread into the schema of `inbound`. */
export const sourceSchemas = {
  original: {
    enum: ['move', 'delete', 'leave'],
    default: 'move',
    description:
      'What becomes of a file once it is received. move: it goes to `done`. delete: it is deleted. leave: it stays, and is taken once. Refused ones go to `failed`, except with leave.',
  },
  done: { type: 'string', minLength: 1, description: 'Where drops go when they are received.' },
  failed: { type: 'string', minLength: 1, description: 'Where refused drops go.' },
  marker: {
    type: 'string',
    minLength: 1,
    description:
      'Name of the file by which a sender says that a file is whole: {name}.ok, or {stem}.ok without the extension. Only files that have one are taken, and without a quiet time; it has to be written after its file, each time.',
  },
} as const;

const says = (...values: readonly Original[]) =>
  ({ required: ['original'], properties: { original: { enum: values } } }) as const;

/** Which directories a flow needs depends on what becomes of its originals. */
export const neededDirectories = {
  allOf: [
    { if: says('leave'), else: { required: ['failed'] } },
    { if: says('delete', 'leave'), else: { required: ['done'] } },
  ],
} as const;

/** As they stand in the file. */
export interface RawSource {
  readonly original?: Original;
  readonly done?: string;
  readonly failed?: string;
  readonly marker?: string;
}

/** What the shape alone cannot say of one flow's originals. */
export function checkSource(yaml: PositionedYaml, flow: string, raw: RawSource): Issue[] {
  const issues: Issue[] = [];
  const wrong = (key: 'done' | 'failed', details: ConfigDetails): void =>
    void issues.push(createIssue('wrong-value', yaml.keyPlace(['inbound', flow, key]), details));
  const hint = 'Take it out, or say original: move.';
  if (raw.original === 'leave') {
    for (const key of ['done', 'failed'] as const)
      if (raw[key] !== undefined) wrong(key, { what: 'nothing goes there: originals stay where they are', hint });
  }
  if (raw.original === 'delete' && raw.done !== undefined)
    wrong('done', { severity: 'warning', what: 'nothing goes there: originals are deleted', hint });
  return issues;
}

/** Markers and directories that cannot be as the flows say. */
export function checkSources(config: Config): Issue[] {
  return [...config.inbound].flatMap(([name, flow]) => {
    const path: KeyPath = ['inbound', name];
    const wrong = (key: string, details: ConfigDetails): Issue =>
      createIssue('wrong-value', config.yaml.keyPlace([...path, key]), details);
    const marker = flow.marker === undefined ? undefined : wrongMarker(flow.marker, flow);
    const issues = marker === undefined ? [] : [wrong('marker', marker)];
    for (const [other, twin] of config.inbound) {
      if (other === name || twin.folder !== flow.folder || twin.directory !== flow.directory) continue;
      if (other < name && twin.original !== flow.original) {
        const what = `flow "${other}" picks from the same directory, and there originals are to ${WORDS[twin.original]}`;
        issues.push(wrong('original', { what, expected: `original: ${twin.original} for both, or two directories` }));
      }
      if (marker === undefined && takesMarkers(twin, flow))
        issues.push(wrong('marker', { what: `flow "${other}" picks files of this name as its drops` }));
    }
    return issues;
  });
}

const WORDS = { move: 'be moved away', delete: 'be deleted', leave: 'stay' } as const satisfies Record<
  Original,
  string
>;

function wrongMarker(marker: string, { pattern }: InboundConfig): ConfigDetails | undefined {
  if (!/^[^/\\{}]*\{(?:name|stem)\}[^/\\{}]*$/.test(marker)) {
    return {
      what: 'not the name of a marker: it has to hold {name} or {stem}, once, and no directory',
      expected: 'one such as "{name}.ok" or "{stem}.done"',
      got: marker,
    };
  }
  const name = sampleName(pattern);
  const own = fillName(marker, name ?? 'name.csv');
  // Where case does not count they would be one file.
  if (own.toLowerCase() === name?.toLowerCase() || marker === '{name}') {
    return { what: 'the marker of a file would be the file itself', expected: 'one such as "{name}.ok"', got: marker };
  }
  if (marker === '{stem}' || isAlwaysMarker(marker, pattern)) {
    const what = 'every file that pick fits would be a marker by its name, and nothing would be taken';
    return { what, expected: 'one such as "{name}.ok"', got: marker };
  }
  if (!isTemporaryName(own)) return undefined;
  const what = 'files of this name are temporary ones for dray, which does not look at them';
  return { what, expected: 'one such as "{name}.ok"', got: marker };
}

/** Whether a flow would take the markers of another one for drops of its own. */
function takesMarkers(twin: InboundConfig, { marker, pattern }: InboundConfig): boolean {
  const name = sampleName(pattern);
  if (marker === undefined || name === undefined) return false;
  const own = fillName(marker, name);
  const isItsMarker = twin.marker !== undefined && fitsTemplate(twin.marker, own);
  return !isItsMarker && picomatch.isMatch(own, twin.pattern, { nocase: true });
}

/** Whether all names that a glob fits are those of markers. */
function isAlwaysMarker(marker: string, pattern: string): boolean {
  // Two that share no letter: one may begin or end as the template does.
  const names = ['a', 'xyz'].map((filler) => sampleName(pattern, filler));
  return names.every((name) => name !== undefined && fitsTemplate(marker, name));
}

/** A name that a glob fits; undefined where it is too clever for us. */
function sampleName(pattern: string, filler = 'a'): string | undefined {
  const name = pattern
    .replaceAll(/\[([^\]!^])[^\]]*\]/g, '$1')
    .replaceAll(/\{([^,}]*)[^}]*\}/g, '$1')
    .replaceAll(/\*+/g, filler)
    .replaceAll('?', filler.slice(0, 1));
  return picomatch.isMatch(name, pattern, { nocase: true }) ? name : undefined;
}
