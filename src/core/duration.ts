const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The text form of a duration in configuration: `250ms`, `5s`, `1.5h`. */
export const durationPattern = '^\\d+(\\.\\d+)?(ms|s|m|h|d)$';

/** Whole milliseconds of `5s`, `15m`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  // 1.1 hours are not quite a whole number of them in binary, and the ledger takes no others.
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}
