export { headName } from './records/companions.ts';
export {
  columnFindings,
  columnName,
  createCells,
  createControlCheck,
  showsWholeness,
  type ControlCheck,
} from './controls/index.ts';
export { parseMapping } from './definition/parse-mapping.ts';
export { mappingSchema } from './definition/mapping-schema.ts';
export { tableFiles } from './values/tables.ts';
export { compileMapping } from './compile/compile-mapping.ts';
export { acceptResults } from './testing/accept.ts';
export { runMappingTests } from './testing/run-tests.ts';
export { civilTime, isoDate, localMs, type CivilTime } from './values/civil-time.ts';
export { createZone, inZone, type Zone } from './values/zone.ts';
export { formatInstant } from './values/instant.ts';
export { countNames, growGroup, growthOf } from './compile/growth.ts';
export { groupRecords, isBlank } from './records/group-records.ts';
export { createStretches, type Stretches } from './records/joined-files.ts';
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
