export { headName } from './companions.ts';
export {
  columnFindings,
  columnName,
  createCells,
  createControlCheck,
  showsWholeness,
  type ControlCheck,
} from './controls/index.ts';
export { parseMapping } from './parse-mapping.ts';
export { mappingSchema } from './mapping-schema.ts';
export { tableFiles } from './tables.ts';
export { compileMapping } from './compile-mapping.ts';
export { acceptResults } from './accept.ts';
export { runMappingTests } from './run-tests.ts';
export { civilTime, isoDate, localMs, type CivilTime } from './civil-time.ts';
export { createZone, inZone, type Zone } from './zone.ts';
export { formatInstant } from './instant.ts';
export { growthOf, type Growth, type RowCount } from './growth.ts';
export { groupRecords, isBlank } from './group-records.ts';
export { createStretches, type Stretches } from './joined-files.ts';
export {
  inlineYaml,
  openQuestions,
  ProfileBuilder,
  proposeMapping,
  TreeProfileBuilder,
  writeProposal,
  writeRead,
  type ColumnProfile,
  type FileProfile,
  type Proposal,
  type ReadLine,
  type ValueGuess,
} from './propose/index.ts';
export type {
  BoundMapping,
  BuiltDocument,
  CompileContext,
  Explanation,
  Header,
  InboundMapping,
  LookUps,
  MappingTestResult,
  OutboundMapping,
  OutboundRow,
  OutboundRows,
  PlacedRecord,
  Purposes,
  Sorting,
  SourceRecord,
  CountedRecord,
  TableData,
  TableFile,
  YamlObject,
  YamlValue,
} from './types.ts';
