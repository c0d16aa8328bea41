import type { OptionFinding } from '../../core/format.ts';

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A field inside another is a part of it that is read by itself: worth a warning, since it may be a slip. */
export function overlaps(spans: readonly Span[], path: readonly string[], mayNest: boolean): readonly OptionFinding[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from || b.to - a.to);
  const findings: OptionFinding[] = [];
  let before: Span | undefined;
  for (const span of sorted) {
    if (before !== undefined && span.from < before.to) {
      const isNested = span.to <= before.to;
      findings.push({
        code: 'wrong-value',
        path: [...path, span.name],
        severity: isNested && mayNest ? 'warning' : 'error',
        what: `the field ${shown(span)} ${isNested ? 'lies inside' : 'overlaps'} ${shown(before)}`,
      });
    }
    if (before === undefined || span.to > before.to) before = span;
  }
  return findings;
}

function shown({ name, from, to }: Span): string {
  return `${name} (${from + 1} to ${to})`;
}
