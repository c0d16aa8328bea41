export type Severity = 'error' | 'warning';

/** What an issue takes down with it: its document, its whole drop, the program's start, or the answer of a provider. */
export type IssueScope = 'document' | 'drop' | 'config' | 'provider';

export interface CatalogueEntry {
  readonly scope: IssueScope;
  readonly severity: Severity;
  /** Default wording of what is wrong. */
  readonly what: string;
  /** Default wording of how to mend it. */
  readonly hint?: string;
}

type Entry<S extends IssueScope> = CatalogueEntry & { readonly scope: S };

const error = <S extends IssueScope>(scope: S, what: string, hint?: string): Entry<S> =>
  hint === undefined ? { scope, severity: 'error', what } : { scope, severity: 'error', what, hint };
const warning = <S extends IssueScope>(scope: S, what: string, hint?: string): Entry<S> => ({
  ...error(scope, what, hint),
  severity: 'warning',
});

/** Every code a user can meet. `docs/codes.md` lists the same set; a test compares both. */
export const issueCatalogue = {
  // values
  'missing-value': error('document', 'a value is missing', 'Fill in the cell.'),
  'not-a-number': error('document', 'not a number', 'Write digits with a point as the decimal mark and nothing else.'),
  'not-a-whole-number': error('document', 'not a whole number'),
  'number-too-precise': error('document', 'more digits than can be sent exactly', 'Shorten the number.'),
  'out-of-range': error('document', 'the number is out of range'),
  'scientific-notation': error(
    'document',
    'a spreadsheet shortened this number',
    'Format the column as text, enter all digits again and save.',
  ),
  'spreadsheet-error': error('document', 'a spreadsheet error instead of a value', 'Mend the formula and save again.'),
  'not-a-boolean': error(
    'document',
    'neither true nor false',
    'Write true or false, or declare the words of the file with $format: Y/N.',
  ),
  'not-a-value': error('document', 'a list or an object instead of a value', 'Name one of its values in the mapping.'),
  'not-a-gtin': error(
    'document',
    'not a GTIN',
    'Enter the 8, 12, 13 or 14 digits as they are printed under the bar code.',
  ),
  'leading-zero-lost': warning(
    'document',
    'a zero in front seems lost',
    'Format the column as text, enter the zero again and save.',
  ),
  'leading-zero-missing': error(
    'document',
    'a zero in front seems missing',
    'Format the column as text, enter the zero again and save.',
  ),
  'looks-double-encoded': warning(
    'document',
    'letters with accents look broken: they were encoded twice, or the file is in another encoding',
    'Look at the file in an editor; if it is right there, mend read.encoding, otherwise export it again.',
  ),
  'no-such-date': error('document', 'this date does not exist or is written in another way'),
  'no-such-time': error('document', 'this local time does not exist: the clock was put forward over it'),
  'ambiguous-time': warning(
    'document',
    'this local time happens twice: the clock was put back over it',
    'The first is taken.',
  ),
  'not-in-table': error(
    'document',
    'no entry for this value',
    'Add the value to the table in the mapping, or mend the cell.',
  ),
  'too-long': error('document', 'too long', 'Shorten the value; nothing is cut for you.'),
  'too-short': error('document', 'too short'),
  'not-allowed': error('document', 'this value is not allowed'),
  'invisible-character': error('document', 'an invisible character inside an identifier', 'Type the value anew.'),
  'breaks-rule': error('document', 'breaks a rule of the provider'),
  'duplicate-value': error(
    'document',
    'the same value stands twice in one document',
    'Remove one of them if it came twice, put the two together, or correct one of them.',
  ),
  'wrong-count': error(
    'document',
    'the number of entries is wrong',
    'Add what is missing, remove what is too much, or mend the quantity.',
  ),
  'too-early': error('document', 'the date is too early', 'Enter a later date.'),
  'dates-out-of-order': error('document', 'the dates are not in their order', 'Mend one of the two.'),
  'sum-too-large': error(
    'document',
    'more than there is in the document',
    'Lower a quantity here, or raise the one it is taken from.',
  ),
  'expression-failed': error('document', 'the expression of the mapping failed on this value'),
  // documents
  'conflicting-values': error(
    'document',
    'lines of one document disagree',
    'Make the lines agree, or give them different keys.',
  ),
  'no-lines': error('document', 'the document has no lines', 'Add its lines, or take the document out.'),
  'too-many-lines': error('document', 'more lines than a document may have'),
  'no-key': error('document', 'the document has no key', 'Fill in the key column.'),
  'unclear-document': error(
    'document',
    'it cannot be told which document a line belongs to',
    'Mend the line that names no document, and drop it with those beside it.',
  ),
  'joined-files': error(
    'document',
    'lines of one document stand above and below a second header; the file looks like two files joined',
    'Drop the files one at a time.',
  ),
  'bad-key': error('document', 'the key cannot be used with this provider'),
  'key-reused': error(
    'document',
    'this key was already used for a document with other content',
    'If this is a new document give it a new key; if it is a change send it as a change.',
  ),
  'key-spent': error(
    'document',
    'this key was used before, and another request came for it since',
    'A new document needs a new key. If nothing new is meant, leave it out.',
  ),
  'key-mixed': error(
    'document',
    'the lines of documents with one key stand among each other: their order cannot be known',
    'Put the lines of each document together. What has to happen again after it belongs in a file of its own, or under a key of its own.',
  ),
  'document-total': error(
    'document',
    'a total of the document does not agree',
    'Mend the lines or the total; a line may be missing.',
  ),
  'no-head': error('document', 'lines without their header record', 'Add the header record, or remove the lines.'),
  'repeated-head': error(
    'document',
    'the document begins a second time',
    'Keep one header record for it, or give the other its own key.',
  ),
  'unknown-action': error('document', 'what is to be done with the document is not known'),
  'ambiguous-entry': error(
    'document',
    'the file that is looked up has several entries for this value',
    'Keep one of them.',
  ),
  'needed-by-refused': warning(
    'document',
    'nothing is wrong here: refused documents of this sheet need it',
    'Leave it in the sheet when you drop it again.',
  ),
  'refused-with-drop': error(
    'document',
    'refused because another document of this file is wrong',
    'Mend the others and drop the file again.',
  ),
  // records
  'wrong-column-count': error('document', 'the number of values differs from the number of columns'),
  'bad-quote': error(
    'document',
    'a quote inside an unquoted value, or text after a closing quote',
    'Double the quote and quote the whole value: "5"" pipe".',
  ),
  'unknown-record-type': error(
    'document',
    'no record type of the mapping fits this record',
    'Is it damaged? Otherwise declare its type under read.records.',
  ),
  'wrong-length': error('document', 'the length is not that of a record'),
  'cut-off': error(
    'document',
    'the file ends inside this record',
    'The file is cut off: export it again. If nothing is missing, fill the line up with blanks to its full length.',
  ),
  'tab-inside': error(
    'document',
    'a tab moves what follows out of its columns',
    'Put blanks in its place, so that each value stands at its position; or set tabs: keep in the mapping.',
  ),
  'field-too-long': error('document', 'the value is longer than the limit'),
  'formula-without-value': error(
    'document',
    'a formula whose result is not in the file',
    'Open the workbook in the spreadsheet program, let it calculate, and save it; or enter the value itself.',
  ),
  'broken-json': error('document', 'the record is not valid JSON'),
  'duplicate-key': error(
    'document',
    'a name stands twice in one object',
    'Remove one of them: which of the two counts cannot be told.',
  ),
  'lone-surrogate': error(
    'document',
    'half of a character',
    String.raw`Write the character itself, or both halves of it: \ud83d\ude00.`,
  ),
  'too-deep': error('document', 'nested deeper than the limit'),
  // drops
  'no-final-newline': warning(
    'drop',
    'the file does not end with a line end; it may be cut off',
    'Write the file under a temporary name and rename it, or end it with a line end.',
  ),
  'empty-file': error('drop', 'empty file', 'Drop the file again with its content.'),
  'no-records': warning('drop', 'header found, no records'),
  'not-text': error('drop', 'this is not a text file'),
  'looks-like-html': error(
    'drop',
    'this is an HTML page, probably an error page of the sending system',
    'Export the file again.',
  ),
  'encoding-detected': warning('drop', 'read in another encoding because of its byte order mark'),
  'invalid-encoding': error('drop', 'bytes that are not text in the declared encoding'),
  'bytes-replaced': warning(
    'drop',
    'bytes that are not text in the declared encoding stand as \ufffd',
    'Look at the values with \ufffd in them, and have the sender mend the export.',
  ),
  'not-json': error('drop', 'this is not JSON'),
  'file-cut-off': error(
    'drop',
    'the file ends before its structure does',
    'The file is cut off: export it again, or write it under a temporary name and rename it.',
  ),
  'wrong-file-type': error(
    'document',
    'the file is of another kind than its name says',
    'Send the file itself, not something renamed to it.',
  ),
  'wrong-root': error(
    'drop',
    'the records are not where they should be',
    'Is this the right file, and is path: in the mapping right?',
  ),
  'contains-nul': error(
    'drop',
    'a NUL character inside text',
    'The file is damaged or in another encoding; export it again.',
  ),
  'line-too-long': error(
    'drop',
    'the record is longer than the limit',
    'Is a quote missing, or is this the right file?',
  ),
  'too-many-columns': error('drop', 'more columns than the limit'),
  'quote-not-closed': error(
    'drop',
    'a quote is opened here and never closed',
    'Close it, or double it if it belongs to the text.',
  ),
  'wrong-delimiter': error('drop', 'the header looks separated by another character'),
  'too-many-entries': error(
    'drop',
    'the file that is looked up is larger than can be kept in memory',
    'Leave out what no document of this drop needs.',
  ),
  'duplicate-column': error('drop', 'a column appears twice', 'Rename or remove one of them.'),
  'missing-column': error('drop', 'a column is missing'),
  'unknown-column': warning('drop', 'a column that no field of the mapping reads'),
  'blank-row': warning('drop', 'rows of empty cells; skipped'),
  'header-repeated': warning('drop', 'the header again; line skipped'),
  'header-not-found': error(
    'drop',
    'the header was not found',
    'Is this the right file? Otherwise name its columns under read.header.has, or its line under read.header.line.',
  ),
  'line-ignored': warning('drop', 'no record, because read.ignore names how it begins; skipped'),
  // workbooks
  'not-a-workbook': error(
    'drop',
    'this is not an Excel workbook (.xlsx)',
    'Open it in the spreadsheet program and save it as an Excel workbook (.xlsx).',
  ),
  'damaged-workbook': error(
    'drop',
    'the workbook is damaged',
    'Open it in the spreadsheet program and save it anew; if it cannot be opened, export it again.',
  ),
  'archive-bomb': error(
    'drop',
    'the workbook unpacks to more than is allowed',
    'Copy the rows into a new, plain workbook and save that; split it if it is this large.',
  ),
  'no-such-sheet': error('drop', 'there is no such sheet'),
  'hidden-cells': warning('drop', 'hidden rows or columns were read like the others'),
  'control-total': error(
    'drop',
    'the control total does not agree',
    'The file is cut off or changed; export it again.',
  ),
  'trailer-missing': error('drop', 'the trailer record is missing', 'The file is cut off; export it again.'),
  'totals-unchecked': warning('drop', 'a reject sheet that came back: it is not held to the totals of the first file'),
  'sequence-missing': error('drop', 'the file has no sequence number where the flow expects one'),
  'sequence-mixed': error(
    'drop',
    'rows of more than one sequence number; the file looks like several exports joined',
    'Drop the files one at a time.',
  ),
  'sequence-repeated': error(
    'drop',
    'another file with this sequence number was received before',
    'Drop it under its own number; if the sender counts from the beginning again, say so: dray ledger sequence.',
  ),
  'sequence-gap': warning(
    'drop',
    'sequence numbers are missing before this file',
    'Ask the sender for the missing files.',
  ),
  'sequence-late': warning('drop', 'the file comes after files with later sequence numbers'),
  'file-overdue': error('drop', 'a file that was expected has not come', 'Ask its sender, then dray status.'),
  'file-uncollected': error('drop', 'a file of ours was not taken', 'Ask whether the job of its reader runs.'),
  'file-unacknowledged': error('drop', 'a file of ours was not acknowledged', 'Ask its reader whether the file came.'),
  'records-unread': error(
    'provider',
    'records of ours cannot be read at the provider',
    'Ask the provider what became of them.',
  ),
  'file-declined': error('drop', 'a file of ours cannot be used', 'Read what its reader says, and mend the cause.'),
  'kills-reader': error(
    'drop',
    'reading this file ended the program three times',
    'Move it out, look into it, and drop it again under another name.',
  ),
  'no-permission': error('drop', 'the file may not be read'),
  'not-a-file': error('drop', 'not a regular file'),
  'original-missing': error(
    'drop',
    'the original vanished before it could be filed; the bytes were restored from the spool',
  ),
  'already-received': warning('drop', 'this content was already received'),
  // providers
  'held-behind': warning(
    'provider',
    'an earlier document with this key is held',
    'Look into that one: release it, or give it up. This one goes on by itself.',
  ),
  'given-up': error('provider', 'held, then given up by a person'),
  'provider-notice': warning('provider', 'accepted, and the provider adds something'),
  'refused-by-provider': error('provider', 'refused by the provider'),
  'key-in-use': error(
    'provider',
    'the provider holds a record with other content under this key',
    'It may be of another system, or of a document of another kind that was sent under this key. Give the document another key, or remove the record at the provider.',
  ),
  'unknown-file': error(
    'provider',
    'no such file went out',
    'Write the name or the number of a file as it was delivered.',
  ),
  'ambiguous-file': error(
    'provider',
    'files of several flows can be meant',
    'Write the path of the file, or acknowledge the files of each flow in files of their own.',
  ),
  'upload-address': error(
    'provider',
    'the provider named an address to which the file is not sent',
    'Files go to https addresses, and to the address of the provider itself. Look into it, then release the document.',
  ),
  'upload-gone': error(
    'provider',
    'the kept bytes of the file are gone, so it cannot be sent',
    'Give the document up and drop the file again.',
  ),
  'too-late': error('provider', 'the provider no longer allows this change'),
  'not-found': error('provider', 'the provider does not know this record'),
  'outcome-unknown': error(
    'provider',
    'it is not known whether the provider has the document',
    'Ask the provider, then release the document or give it up.',
  ),
  'retries-exhausted': error(
    'provider',
    'the provider failed every time',
    'Look at the last answer, then release the document.',
  ),
  // configuration, mappings, definitions
  'bad-yaml': error('config', 'not valid YAML'),
  'bad-json': error('config', 'not valid JSON'),
  'unknown-key': error('config', 'unknown key'),
  'missing-key': error('config', 'a required key is missing'),
  'wrong-type': error('config', 'wrong type of value'),
  'wrong-value': error('config', 'wrong value'),
  'unquoted-number': error('config', 'digits without quotes lose zeros or precision', 'Put the value in quotes.'),
  'missing-file': error('config', 'the file cannot be read'),
  'missing-variable': error(
    'config',
    'the environment variable is not set',
    'Set it, or give a default: ${NAME:-default}.',
  ),
  'unknown-reference': error('config', 'refers to something that does not exist'),
  'not-in-schema': error('config', 'the provider has no such property'),
  'missing-property': error('config', 'the provider requires a property that nothing maps'),
  'bad-template': error('config', 'the template cannot be read'),
  'bad-schema': error('config', 'the JSON Schema cannot be used'),
  'bad-expression': error('config', 'the expression cannot be read'),
  'unverified-webhook': warning('config', 'posts of the provider cannot be told from those of others'),
  'overlapping-folders': error('config', 'files would be taken twice, or files of our own for drops'),
} as const satisfies Record<string, CatalogueEntry>;

export type IssueCode = keyof typeof issueCatalogue;
/** Codes of findings in what people configure: those are told in English alone. */
export type ConfigCode = {
  [C in IssueCode]: (typeof issueCatalogue)[C]['scope'] extends 'config' ? C : never;
}[IssueCode];
