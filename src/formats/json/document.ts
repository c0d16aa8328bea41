import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import { emptyFile, placeOf, type Cutter, type Element, type Taken } from './cut.ts';
import { causeOf, type FaultKind } from './faults.ts';
import { cutOff, fileIssue, recordTooLong, type Located } from './findings.ts';
import { parseWhole, type Parsed } from './parse.ts';
import type { Position } from './position.ts';
import { KEPT_CHARACTERS, KEPT_NAMES, missingName, moreThanOne, notJson, wrongRoot } from './root-findings.ts';
import { anArray, nameOfKind } from './values.ts';
import { Window } from './window.ts';

const INSIDE = say`If the records are in an array inside this object, set path: in the mapping to its name.`;

type State = 'value' | 'first-value' | 'name' | 'first-name' | 'colon' | 'comma' | 'end';

/**
 * Cuts one JSON document into records: the elements of the array that the path leads to, or the one object. What stands
 * beside the path is checked and passed over. A record, and a value beside the path, must keep to a record's limit;
 * everything else may be as long as it likes.
 */
export class DocumentCutter implements Cutter {
  opening: string;
  readonly #path: readonly string[];
  readonly #context: ReadContext;
  readonly #window = new Window();
  #state: State = 'value';
  /** How many objects on the path are open. */
  #depth = 0;
  #isInArray = false;
  /** Of the innermost open object: the name under way, names it has, whether the path goes on in it. */
  #name = '';
  #names: string[] = [];
  readonly #found: boolean[] = [];
  #elements: Element[] = [];
  #refused: Issue | undefined;

  constructor(path: readonly string[], context: ReadContext) {
    this.#path = path;
    this.#context = context;
    this.opening = path.map((name) => `{${JSON.stringify(name)}: `).join('');
  }

  take(text: string, isLast: boolean): Taken {
    this.#window.push(text, isLast);
    this.#elements = [];
    while (this.#refused === undefined && this.#step());
    return { elements: this.#elements, refused: this.#refused };
  }

  end(): Position {
    return this.#window.end();
  }

  /** Takes one thing; false when there is nothing to take for now. Whatever it does, it does once the thing is whole. */
  #step(): boolean {
    const next = this.#window.next();
    if (next === undefined) {
      if (this.#window.isLast) this.#finish();
      return false;
    }
    switch (this.#state) {
      case 'first-value':
      case 'value':
        return next === ']' && this.#isInArray ? this.#close() : this.#takeValue(next);
      case 'first-name':
      case 'name':
        return next === '}' ? this.#close() : this.#takeName(next);
      case 'colon':
        return next === ':' ? this.#pass('value') : this.#fail('no-colon');
      case 'comma':
        if (next === ',') return this.#pass(this.#isInArray ? 'value' : 'name');
        return next === (this.#isInArray ? ']' : '}') ? this.#close() : this.#fail('no-comma');
      case 'end':
        // The end mark of DOS.
        if (next === '\u001a') return this.#pass('end');
        return this.#refuse(moreThanOne(this.#context.file, this.#window.position));
    }
  }

  #takeValue(next: string): boolean {
    if (this.#isInArray) return this.#takeElement();
    const isOnPath = this.#depth === 0 || this.#name === this.#path[this.#depth - 1];
    if (!isOnPath) return this.#parseNext() !== undefined && this.#goOn();
    const isTarget = this.#depth === this.#path.length;
    if (next === '{') return isTarget ? this.#takeElement() : this.#openObject();
    if (next !== '[') return this.#refuseScalar();
    if (!isTarget) return this.#refuseRoot(anArray, this.#window.position);
    this.opening += '[';
    this.#isInArray = true;
    return this.#pass('first-value');
  }

  #openObject(): boolean {
    this.#depth++;
    this.#found[this.#depth] = false;
    this.#names = [];
    return this.#pass('first-name');
  }

  #close(): boolean {
    if (this.#state === 'value' || this.#state === 'name') return this.#fail('trailing-comma');
    const { position } = this.#window;
    if (this.#isInArray) this.#isInArray = false;
    else if (this.#found[this.#depth] === true) this.#depth--;
    else return this.#refuse(missingName(this.#context.file, position, this.#path, this.#depth, this.#names));
    return this.#pass(this.#depth === 0 ? 'end' : 'comma');
  }

  #takeName(next: string): boolean {
    if (next !== '"') return this.#fail('no-name');
    const start = this.#window.position;
    const name = this.#parseNext()?.value;
    if (typeof name !== 'string') return false;
    if (name === this.#path[this.#depth - 1]) {
      const fault = { kind: 'duplicate-key', at: 0, pointer: '', got: name } as const;
      if (this.#found[this.#depth] === true) return this.#refuse(fileIssue(fault, { text: '', start }, this.#context));
      this.#found[this.#depth] = true;
    }
    this.#name = name;
    if (this.#names.length < KEPT_NAMES) this.#names.push(name.slice(0, KEPT_CHARACTERS));
    this.#state = 'colon';
    return true;
  }

  #takeElement(): boolean {
    const found = this.#sliceNext();
    if (found === undefined) return false;
    const parsed = parseWhole(found.text, this.#context.limits.fieldCharacters);
    if (parsed.fatal !== undefined) {
      return this.#refuse(fileIssue(causeOf(parsed.fatal, parsed.faults), found, this.#context));
    }
    this.#elements.push({ ...found, parsed, lineEnd: this.#window.lineEnd ?? '' });
    return this.#goOn();
  }

  #goOn(): boolean {
    this.#state = this.#isInArray || this.#depth > 0 ? 'comma' : 'end';
    return true;
  }

  /** A text, number or word stands where the records should be. */
  #refuseScalar(): boolean {
    const { file } = this.#context;
    const { position } = this.#window;
    const start = this.#window.peek(KEPT_CHARACTERS);
    const parsed = this.#parseNext();
    if (parsed !== undefined) return this.#refuseRoot(nameOfKind(parsed.value), position);
    const isGarbage = this.#refused?.code === 'not-json' && this.#depth === 0;
    return isGarbage && this.#refuse(notJson(file, position, start));
  }

  #refuseRoot(found: Phrase, position: Position): boolean {
    return this.#refuse(wrongRoot(this.#context.file, position, this.#path, this.#depth, found));
  }

  /** Takes a value that is no record: a fault in it is a fault of the file. */
  #parseNext(): Parsed | undefined {
    const found = this.#sliceNext();
    if (found === undefined) return undefined;
    const parsed = parseWhole(found.text, this.#context.limits.fieldCharacters);
    const fault = parsed.fatal === undefined ? parsed.faults[0] : causeOf(parsed.fatal, parsed.faults);
    if (fault === undefined) return parsed;
    this.#refuse(fileIssue(fault, found, this.#context));
    return undefined;
  }

  /** The text of the value that begins here, once it is all there. */
  #sliceNext(): Located | undefined {
    const { length, isWhole } = this.#window.measure();
    const start = this.#window.position;
    const { recordCharacters } = this.#context.limits;
    if (isWhole && length === 0) this.#fail('no-value');
    else if (length > recordCharacters) {
      const located = { text: this.#window.peek(recordCharacters + 1), start };
      this.#refuse(recordTooLong(located, this.#context, this.#isInArray ? undefined : INSIDE));
    } else if (isWhole) return { text: this.#window.takeOut(length), start };
    else if (this.#window.isLast) this.#refuse(cutOff({ text: this.#window.peek(length), start }, this.#context));
    return undefined;
  }

  #pass(state: State): boolean {
    this.#window.pass();
    this.#state = state;
    return true;
  }

  #finish(): void {
    if (this.#state === 'end') return;
    const { file } = this.#context;
    const isAtStart = this.#state === 'value' && this.#depth === 0 && !this.#isInArray;
    this.#refuse(
      isAtStart
        ? emptyFile(file, say`a JSON array or object`)
        : createIssue('file-cut-off', placeOf(file, this.#window.position)),
    );
  }

  #fail(kind: FaultKind): boolean {
    const located = { text: this.#window.peek(KEPT_CHARACTERS), start: this.#window.position };
    return this.#refuse(fileIssue({ kind, at: 0, pointer: '' }, located, this.#context));
  }

  #refuse(issue: Issue): false {
    this.#refused = issue;
    return false;
  }
}
