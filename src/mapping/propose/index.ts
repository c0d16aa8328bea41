export { ProfileBuilder, type ColumnProfile, type FileProfile } from './profile.ts';
export { TreeProfileBuilder } from './tree-profile.ts';
export { openQuestions, type Proposal } from './proposal.ts';
export { proposeMapping } from './propose.ts';
export type { ValueGuess } from './value-guess.ts';
export { inlineYaml, writeProposal, writeRead, type ReadLine } from './write.ts';
