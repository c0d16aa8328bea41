import type { Detection, Point } from '../../formats/detect/index.ts';
import { inlineYaml, type ReadLine } from '../../mapping/index.ts';

type Value = ReadLine['value'];

/** What was found out as lines of `read:`, each with what is in doubt about it. */
export function readLines({ format, options, points }: Detection): readonly ReadLine[] {
  const lines = Object.entries(options).map(([name, value]) => {
    const doubts = points.filter(({ option }) => option === name || option.startsWith(`${name}.`)).flatMap(doubtOf);
    return { name, value: value as Value, ...(doubts.length === 0 ? {} : { doubt: doubts.join('; ') }) };
  });
  const doubts = points.filter(({ option }) => option === 'format').flatMap(doubtOf);
  // What a reader does anyway is not written down, but a doubt about it is worth a line.
  const silent = points.filter(({ isDefault }) => isDefault === true).flatMap(doubtOf);
  const told = [...doubts, ...silent];
  return [{ name: 'format', value: format ?? '', ...(told.length === 0 ? {} : { doubt: told.join('; ') }) }, ...lines];
}

function doubtOf({ option, sureness, why, alternatives }: Point): readonly string[] {
  if (sureness !== 'unsure') return [];
  const shown = alternatives.slice(0, 3).map((each) => (typeof each === 'string' ? each : inlineYaml(each as Value)));
  return [`${option}: ${why}${shown.length === 0 ? '' : `; or ${shown.join(', or ')}`}`];
}
