import type { ConfigDetails } from '../../core/issue.ts';
import { namePart, placeText, type FileSubject } from './file-facts.ts';

/** Path of a file inside its folder. */
export type FileName = (subject: FileSubject) => string;

interface Problem extends ConfigDetails {
  readonly code: 'bad-template';
}

export interface NameRules {
  /** Whether there is a file for each document, and a site to name. */
  readonly isPerDocument?: boolean;
  readonly hasSite?: boolean;
  /** Whether a name may come again. */
  readonly isReplaced?: boolean;
}

const PLACE = /\{([a-z-]+(?::[^{}]*)?)\}/g;
const KNOWN = /^(date:.+|as-of:.+|seq:.+|document|site|flow)$/;
const PROBE: FileSubject = { now: 0, sequence: 1, flow: 'f', document: 'd', site: 's' };

/**
 * Compiles `shipconf/{site}_{date:yyyyMMdd}_{seq:6}.csv`. A name without `{seq:…}` would be given twice: it is refused
 * unless a new file replaces the one before. Dates are in UTC unless a zone is named: `{date:yyyyMMdd@Europe/Berlin}`.
 */
export function fileNameTemplate(template: string, rules: NameRules = {}): { name?: FileName; issues: Problem[] } {
  const places = [...template.matchAll(PLACE)].map(([, place = '']) => place);
  const found = placesProblem(template, places) ?? rulesProblem(places, rules);
  if (found !== undefined) return { issues: [found] };
  const name: FileName = (subject) => {
    // Only a document's key is somebody else's text.
    const safe = { ...subject, document: namePart(subject.document ?? '') };
    return template.replaceAll(PLACE, (_whole, place: string) => placeText(place, safe) ?? '');
  };
  try {
    if (name(PROBE).split('/').length !== template.replaceAll(PLACE, '').split('/').length) {
      return { issues: [problem('a date in a name must not hold a slash')] };
    }
    return { name, issues: [] };
  } catch {
    return { issues: [problem('the date format or the time zone in the name is not known')] };
  }
}

function placesProblem(template: string, places: readonly string[]): Problem | undefined {
  if (/[{}]/.test(template.replaceAll(PLACE, '')) || !places.every((place) => KNOWN.test(place)))
    return problem('only {date:…}, {as-of:…}, {seq:…}, {document}, {site} and {flow} are known in file names');
  const bad = places.find((place) => place.startsWith('seq:') && !/^seq:[1-9]\d?$/.test(place));
  return bad === undefined ? undefined : problem(`{${bad}} needs a number of digits`, 'Write {seq:6}.');
}

function rulesProblem(places: readonly string[], rules: NameRules): Problem | undefined {
  if (rules.isReplaced !== true && !places.some((place) => place.startsWith('seq:')))
    return problem('the name has no sequence number, so a second file would have the same name', 'Add {seq:6}.');
  if (rules.isPerDocument !== true && places.includes('document'))
    return problem(
      '{document} names the document of a file, and this flow puts several into one',
      'Set per: document.',
    );
  if (
    rules.isPerDocument === true &&
    rules.isReplaced === true &&
    !places.some((p) => p === 'document' || p.startsWith('seq:'))
  )
    return problem('the files of one run would have the same name', 'Add {document} or {seq:6}.');
  if (rules.hasSite !== true && places.includes('site')) return problem('the flow has no site', 'Add site: to it.');
  return undefined;
}

/** Name of the marker beside a file: `{name}.ok` of `out/S_7.csv` is `out/S_7.csv.ok`. */
export function markerPath(template: string, path: string): string {
  const at = path.lastIndexOf('/') + 1;
  const name = path.slice(at);
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return path.slice(0, at) + template.replaceAll('{name}', () => name).replaceAll('{stem}', () => stem);
}

/** Where files go that a new one replaces: `out/archive/STOCK_000007.csv`, unless the flow says so. */
export function archiveTemplate(file: string, archive: string | undefined): string {
  if (archive !== undefined) return archive;
  const at = file.lastIndexOf('/') + 1;
  const dot = file.lastIndexOf('.');
  const end = dot > at ? dot : file.length;
  return `${file.slice(0, at)}archive/${file.slice(at, end)}_{seq:6}${file.slice(end)}`;
}

function problem(what: string, hint?: string): Problem {
  return { code: 'bad-template', what, ...(hint === undefined ? {} : { hint }) };
}
