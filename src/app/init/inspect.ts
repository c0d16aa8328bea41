import { basename } from 'node:path';
import type { Bytes, Format } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { defaultLimits } from '../../core/limits.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { detectFile, type Detection } from '../../formats/detect/index.ts';
import { formats } from '../../formats/index.ts';
import { isBlank } from '../../inbound/index.ts';
import { ProfileBuilder, TreeProfileBuilder, type FileProfile } from '../../mapping/index.ts';
import { fileBytes, sizeOfFile } from '../file-bytes.ts';

/** What a data file is, and what reading it as that brings. */
export interface Inspection {
  readonly file: string;
  readonly bytes: Bytes;
  readonly detection: Detection;
  readonly format: Format | undefined;
  readonly profile: FileProfile;
  /** Kinds of records with their columns, where the file mixes them. */
  readonly types: ReadonlyMap<string, FileProfile>;
  readonly records: number;
  /** Findings of the detection and of reading, the first ones. */
  readonly issues: readonly Issue[];
  /** How many there are of each code. */
  readonly counts: ReadonlyMap<string, number>;
  readonly isRefused: boolean;
}

const MOST_ISSUES = 50;

/** Finds out what a file is and reads all of it so, in bounded memory. @throws Failure bad-usage when it cannot be opened. */
export async function inspectFile(path: string): Promise<Inspection> {
  await sizeOfFile(path);
  const bytes = fileBytes(path);
  const file = basename(path);
  const detection = await detectFile(bytes, file);
  const reading = new Reading(file);
  for (const issue of detection.issues) reading.refuse(issue);
  const format = formats.get(detection.format ?? '');
  if (format !== undefined) await reading.read(bytes, detection, format);
  return { file, bytes, detection, format, ...reading.end() };
}

class Reading {
  readonly #file: string;
  readonly #issues: Issue[] = [];
  readonly #counts = new Map<string, number>();
  readonly #builders = new Map<string, ProfileBuilder>();
  readonly #paths = new TreeProfileBuilder();
  #records = 0;
  #isRefused = false;

  constructor(file: string) {
    this.#file = file;
  }

  async read(bytes: Bytes, { options }: Detection, format: Format): Promise<void> {
    for await (const event of format.read(bytes, options, { file: this.#file, limits: defaultLimits })) {
      if (event.kind === 'header') this.#header(event.columns, event.type ?? '', event.line);
      else if (event.kind === 'records') for (const record of event.records) this.#record(record);
      else if (event.kind === 'refused') this.refuse(event.issue);
      else this.tell(event.issue);
    }
  }

  refuse(issue: Issue): void {
    this.tell(issue);
    this.#isRefused = true;
  }

  tell(issue: Issue): void {
    this.#counts.set(issue.code, (this.#counts.get(issue.code) ?? 0) + 1);
    if (this.#issues.length < MOST_ISSUES) this.#issues.push(issue);
  }

  end(): Pick<Inspection, 'profile' | 'types' | 'records' | 'issues' | 'counts' | 'isRefused'> {
    const types = new Map([...this.#builders].map(([type, builder]) => [type, builder.profile()]));
    const table = types.get('');
    const profile = table === undefined || table.columns.length === 0 ? this.#paths.profile() : table;
    types.delete('');
    const [issues, counts, isRefused] = [this.#issues, this.#counts, this.#isRefused];
    return { profile, types, records: this.#records, issues, counts, isRefused };
  }

  #header(columns: readonly string[], type: string, line: number): void {
    this.#builders.set(type, new ProfileBuilder(columns));
    for (const [index, name] of columns.entries()) {
      const first = columns.indexOf(name);
      if (name === '' || first === index) continue;
      const what = say`a column appears twice: "${name}" is column ${first + 1} and column ${index + 1}`;
      this.tell(
        createIssue('duplicate-column', { file: this.#file, line, column: name }, { what, severity: 'warning' }),
      );
    }
  }

  #record(record: DataRecord): void {
    if (isBlank(record)) return;
    this.#records++;
    for (const issue of record.issues ?? []) this.tell(issue);
    if (record.cells !== undefined) this.#builders.get(record.type ?? '')?.add(record.cells, record.line);
    if (record.tree !== undefined) this.#paths.add(record.tree, record.line);
  }
}
