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

const error = (scope: IssueScope, what: string, hint?: string): CatalogueEntry =>
  hint === undefined ? { scope, severity: 'error', what } : { scope, severity: 'error', what, hint };
const warning = (scope: IssueScope, what: string, hint?: string): CatalogueEntry => ({
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
    'Write true or false, or translate the word with $table.',
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
  'expression-failed': error('document', 'the expression of the mapping failed on this value'),
  // documents
  'conflicting-values': error(
    'document',
    'lines of one document disagree',
    'Make the lines agree, or give them different keys.',
  ),
  'too-many-lines': error('document', 'more lines than a document may have'),
  'no-key': error('document', 'the document has no key', 'Fill in the key column.'),
  'bad-key': error('document', 'the key cannot be used with this provider'),
  'key-reused': error(
    'document',
    'this key was already used for a document with other content',
    'If this is a new document give it a new key; if it is a change send it as a change.',
  ),
  'no-head': error('document', 'lines without their header record', 'Add the header record, or remove the lines.'),
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
  'field-too-long': error('document', 'the value is longer than the limit'),
  // drops
  'no-final-newline': warning(
    'drop',
    'the file does not end with a line end; it may be cut off',
    'Write the file under a temporary name and rename it, or end it with a line end.',
  ),
  'empty-file': error('drop', 'empty file', 'Drop the file again with its content.'),
  'no-records': warning('drop', 'header found, no records'),
  'not-a-csv': error('drop', 'this is not a CSV file'),
  'looks-like-html': error(
    'drop',
    'this is an HTML page, probably an error page of the sending system',
    'Export the file again.',
  ),
  'encoding-detected': warning('drop', 'read in another encoding because of its byte order mark'),
  'invalid-encoding': error('drop', 'bytes that are not text in the declared encoding'),
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
  'duplicate-column': error('drop', 'a column appears twice', 'Rename or remove one of them.'),
  'missing-column': error('drop', 'a column is missing'),
  'unknown-column': warning('drop', 'a column that no field of the mapping reads'),
  'blank-row': warning('drop', 'rows of empty cells; skipped'),
  'header-repeated': warning('drop', 'the header again; line skipped'),
  'control-total': error(
    'drop',
    'the control total does not agree',
    'The file is cut off or changed; export it again.',
  ),
  'trailer-missing': error('drop', 'the trailer record is missing', 'The file is cut off; export it again.'),
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
  'refused-by-provider': error('provider', 'refused by the provider'),
  'key-in-use': error(
    'provider',
    'the provider already holds a record under this key that is not ours',
    'Give the document another key, or remove the record at the provider.',
  ),
  'too-late': error('provider', 'the provider no longer allows this change'),
  'not-found': error('provider', 'the provider does not know this record'),
  'outcome-unknown': error(
    'provider',
    'it is not known whether the provider has the document',
    'Ask the provider, then release or close the document.',
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
  'overlapping-folders': error('config', 'two flows would take the same files'),
} as const satisfies Record<string, CatalogueEntry>;

export type IssueCode = keyof typeof issueCatalogue;
