const SUFFIXES: readonly string[] = [
  '.tmp',
  '.temp',
  '.part',
  '.partial',
  '.filepart',
  '.crdownload',
  '.swp',
  '.lock',
  '~',
];
const NAMES: ReadonlySet<string> = new Set(['thumbs.db', 'desktop.ini']);

/**
 * Whether a name says that the file is not meant to be taken: names under which uploads are written (WinSCP, lftp, rsync,
 * browsers), lock and backup files of editors and Office, and what file managers leave. A leading dot covers `.in.*`,
 * `.nfs*`, `._*`, `.DS_Store`, `.name.XXXXXX` of rsync and our own `.dray-*`.
 */
export function isTemporaryName(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    lower.startsWith('.') ||
    lower.startsWith('~') ||
    NAMES.has(lower) ||
    SUFFIXES.some((suffix) => lower.endsWith(suffix))
  );
}

/** The name a template with `{name}` or `{stem}` (the name without its extension) gives to what goes with a file. */
export function fillName(template: string, name: string): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return template.replaceAll('{name}', () => name).replaceAll('{stem}', () => stem);
}

/** Whether a template with one `{name}` or `{stem}` can have given this name. */
export function fitsTemplate(template: string, name: string): boolean {
  const [before = '', after = ''] = template.split(/\{(?:name|stem)\}/);
  return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
}
