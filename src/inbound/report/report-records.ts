import type { Drop, DropFile } from '../../core/ledger.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { describeFinding } from '../../core/issue.ts';
import { phraseText, say, type Texts } from '../../core/text.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import type { Rows } from '../reading/locate.ts';
import { createOwners, type Owned } from './owners.ts';
import { issuesHere, refusedElsewhere } from '../reading/refusals.ts';
import { codeWithoutIssue, decisiveIssues, describeAll, lineText, withFirstDrop } from './report-documents.ts';

/**
 * One line per record of the drop, under the same columns as one per document: the key, the status and the reference of its
 * document, and of the findings those that stand on it. Records of no document are `ignored`; in a later report only those
 * are told whose documents are.
 */
export async function* recordLines(
  drop: Drop,
  rows: Rows,
  flow: InboundFlow,
  parts: InboundParts,
): AsyncGenerator<readonly string[]> {
  const { texts } = flow;
  // A file that was refused as a whole may not even be readable; what is wrong is told above.
  const files = drop.isRefused && (await isEmpty(rows())) ? [] : drop.files.filter(({ part }) => !isLookUp(flow, part));
  for (const file of files) {
    const name = baseName(file.path);
    const owners = createOwners(rows(), file.part);
    for await (const event of read(file, flow, parts)) {
      if (event.kind === 'ignored' && !isLater(drop)) {
        const { where, code } = event.issue;
        yield [name, lineText(where.line), '', 'ignored', code, '', '', describeFinding(event.issue, texts), ''];
      }
      if (event.kind !== 'records') continue;
      for (const record of event.records) {
        const owned = await owners.at(record.seq);
        if (owned !== undefined) yield recordLine(name, record, owned, texts);
        else if (!isLater(drop)) yield ignoredLine(name, record, texts);
      }
    }
  }
}

function isLater({ reports = 0 }: Drop): boolean {
  return reports > 0;
}

async function isEmpty(rows: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _row of rows) return false;
  return true;
}

function isLookUp({ mapping }: InboundFlow, part: string): boolean {
  return mapping.definition.read.with[part]?.key !== undefined;
}

function read(file: DropFile, flow: InboundFlow, parts: InboundParts): AsyncIterable<ReadEvent> {
  const context = { file: baseName(file.path), limits: flow.limits };
  return flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), context);
}

function ignoredLine(name: string, { line }: DataRecord, texts: Texts | undefined): readonly string[] {
  const told = phraseText(say`It belongs to no document.`, texts);
  return [name, lineText(line), '', 'ignored', '', '', '', told, ''];
}

function recordLine(name: string, { line }: DataRecord, owned: Owned, texts: Texts | undefined): readonly string[] {
  const { row } = owned;
  const issues = issuesHere(decisiveIssues(row), owned, line, name);
  const [first] = issues;
  const isElsewhere = first === undefined && row.status === 'rejected';
  const message = isElsewhere
    ? refusedElsewhere(owned, name, texts)
    : describeAll(issues, { main: name, here: name }, texts);
  return [
    name,
    lineText(line),
    row.key,
    row.status,
    first?.code ?? codeWithoutIssue(row),
    first?.where.column ?? '',
    first?.got ?? '',
    withFirstDrop(row, message, texts),
    row.reference,
  ];
}
