import { say } from '../../core/text.ts';
import type { Archive } from './archive.ts';
import { tooMuch } from './refusal.ts';
import { visitAll } from './small-part.ts';
import { isPreserved, trimXml, unescapeText } from './text.ts';
import { visitXml } from './xml.ts';

const MOST_STRINGS = 2_000_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** Shorter parts of a string are copied, longer ones would keep the piece of the file they were cut from. */
const COPIED_ANYWAY = 12;

/** The texts that cells refer to by number. Formatted runs are joined, readings of Asian characters left out. */
export async function readStrings(archive: Archive, part: string | undefined): Promise<readonly string[]> {
  if (part === undefined) return [];
  const strings: string[] = [];
  let characters = 0;
  let text = '';
  let run: string | undefined;
  let isKept = false;
  let keepsAll = false;
  let phonetic = 0;
  const visitor = {
    open(name: string, attributes: Readonly<Record<string, string>>): void {
      if (name === 'sst') keepsAll = isPreserved(attributes);
      else if (name === 'si') text = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't' && phonetic === 0) {
        run = '';
        isKept = keepsAll || isPreserved(attributes);
      }
    },
    text(more: string): void {
      if (run === undefined) return;
      run += more;
      if (run.length + text.length > MOST_CHARACTERS) throw tooManyTexts();
    },
    close(name: string): void {
      if (name === 'rPh') phonetic--;
      else if (name === 't' && run !== undefined) {
        text += isKept ? run : trimXml(run);
        run = undefined;
        if (characters + text.length > MOST_CHARACTERS) throw tooManyTexts();
      } else if (name === 'si') {
        characters += text.length;
        strings.push(unescapeText(ownCopy(text)));
        if (strings.length > MOST_STRINGS) throw tooManyTexts();
      }
    },
  };
  await visitAll(visitXml(archive.read(part), visitor, part));
  return strings;
}

function tooManyTexts(): Error {
  const expected = say`at most ${MOST_STRINGS} texts of ${MOST_CHARACTERS} characters together`;
  return tooMuch(say`the workbook holds more text than is allowed`, expected);
}

function ownCopy(text: string): string {
  return text.length <= COPIED_ANYWAY ? text : Buffer.from(text, 'utf8').toString('utf8');
}
