import { namePlaces } from '../../core/name-pattern.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { suggestion } from '../../core/shape.ts';
import type { InboundDefinition } from '../types.ts';

/** What the files of a drop and the records in them must have so that documents can be told apart. */
export function checkRecords(definition: InboundDefinition, compiler: Compiler): void {
  checkCompanions(definition, compiler);
  checkNames(definition, compiler);
  if (definition.read.records.size > 0) checkTypes(definition, compiler);
  else if (definition.document.begins !== undefined) {
    problem(compiler, 'unknown-reference', ['document', 'begins'], { what: 'read.records declares no record types' });
  }
}

function checkCompanions({ read, document }: InboundDefinition, compiler: Compiler): void {
  const files = Object.entries(read.with);
  for (const [part, { by, key }] of files) {
    if ((by === undefined) !== (key === undefined)) continue;
    problem(compiler, by === undefined ? 'missing-key' : 'wrong-value', ['read', 'with', part], {
      what:
        by === undefined
          ? 'nothing says what the file is for: "by" when its records belong to documents, "key" when it is looked up'
          : 'a file either belongs to documents ("by") or is looked up ("key")',
    });
  }
  if (files.some(([, { by }]) => by !== undefined) && document.group === undefined && read.records.size === 0) {
    problem(compiler, 'missing-key', ['document'], {
      what: '"group" is missing: nothing says which records of the companions belong to a document',
    });
  }
  if (files.length > 0) checkFileNames(read, compiler);
}

function checkFileNames({ name, with: files }: InboundDefinition['read'], compiler: Compiler): void {
  if (name === undefined) {
    problem(compiler, 'missing-key', ['read', 'with'], {
      what: '"name" is missing: nothing says how the picked file is called',
    });
    return;
  }
  const known = namePlaces(name);
  for (const [part, own] of Object.entries(files)) {
    const unknown = namePlaces(own.name).find((capture) => !known.includes(capture));
    if (unknown === undefined) continue;
    problem(compiler, 'bad-template', ['read', 'with', part, 'name'], {
      what: `read.name captures no "${unknown}"`,
      got: own.name,
    });
  }
}

/** One name must not mean two things. */
function checkNames({ read, tables }: InboundDefinition, compiler: Compiler): void {
  for (const part of Object.keys(read.with)) {
    const other = read.records.has(part) ? 'a record type' : Object.hasOwn(tables, part) ? 'a table' : undefined;
    if (other !== undefined) {
      problem(compiler, 'wrong-value', ['read', 'with', part], { what: `"${part}" is ${other} as well` });
    }
  }
}

function checkTypes({ read, document }: InboundDefinition, compiler: Compiler): void {
  const parts = [...read.records].flatMap(([type, { role }]) => (role === 'part' ? [type] : []));
  const { begins } = document;
  if (begins === undefined) {
    problem(compiler, 'missing-key', ['document'], {
      what: '"begins" is missing: nothing says with which record type a document begins',
      ...suggestion('', parts),
    });
  } else if (!parts.includes(begins)) {
    problem(compiler, 'unknown-reference', ['document', 'begins'], {
      what: `no record type "${begins}" belongs to documents`,
      ...suggestion(begins, parts),
    });
  }
  for (const [type, { role, by }] of read.records) {
    if (by === undefined || (role === 'part' && type !== begins)) continue;
    problem(compiler, 'wrong-value', ['read', 'records', type, 'by'], {
      what:
        type === begins
          ? 'what documents have in common says document.group'
          : `a record type with role ${role} belongs to no document`,
    });
  }
}

/** Record types that belong to documents and that nothing reads: what they say would be lost. */
export function checkUnread(compiler: Compiler): void {
  for (const [at, { name, kind }] of compiler.parts.entries()) {
    // To which document a record belongs is no news for the provider.
    const isRead = compiler.columns.some(({ parts, path }) => path[0] !== 'read' && parts[0] === name);
    if (kind !== 'type' || isRead || compiler.walked.has(at)) continue;
    problem(compiler, 'unknown-reference', ['read', 'records', name], {
      what: `nothing in the mapping reads records of type "${name}"`,
      hint: 'Say role: ignore if nobody needs them.',
      severity: 'warning',
    });
  }
}
