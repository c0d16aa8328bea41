import type { FormatOptions } from '../../core/format.ts';
import type { Issue } from '../../core/issue.ts';

/**
 * `certain`: the file says so itself, or nothing else can be read from it. `likely`: everything in it fits and nothing else
 * fits as well. `unsure`: other readings make sense too, and a person must look.
 */
export type Sureness = 'certain' | 'likely' | 'unsure';

/** One thing that was found out about a file. */
export interface Point {
  /** Path of the read option: `encoding`, `header.has`; `format` for the format itself. */
  readonly option: string;
  readonly value: unknown;
  readonly sureness: Sureness;
  /** What in the file speaks for it, in words. */
  readonly why: string;
  /** Other values that make sense, the best first. */
  readonly alternatives: readonly unknown[];
  /** What a reader does anyway: told, and not pinned. */
  readonly isDefault?: boolean;
}

/** What a file seems to be. For authoring only: at run time nothing is guessed. */
export interface Detection {
  /** Name of the format; undefined when the file is none that can be read. */
  readonly format: string | undefined;
  /** Read options to pin, without what is the default anyway. */
  readonly options: FormatOptions;
  readonly points: readonly Point[];
  /** Why it cannot be read, or what will be in the way. */
  readonly issues: readonly Issue[];
}

export function point(
  option: string,
  value: unknown,
  sureness: Sureness,
  why: string,
  alternatives: readonly unknown[] = [],
): Point {
  return { option, value, sureness, why, alternatives };
}

/** The points as read options; a name with a dot is an option inside an option. */
export function optionsOf(points: readonly Point[]): FormatOptions {
  const options: Record<string, unknown> = {};
  for (const { option, value, isDefault } of points) {
    if (option === 'format' || isDefault === true) continue;
    const steps = option.split('.');
    let holder = options;
    for (const step of steps.slice(0, -1)) holder = holder[step] = { ...(holder[step] as object | undefined) };
    holder[steps.at(-1) ?? ''] = value;
  }
  return options;
}
