/** Bounds on what a file may ask of us. Sizes in bytes or characters as named. */
export interface Limits {
  readonly recordCharacters: number;
  readonly fieldCharacters: number;
  readonly columns: number;
  readonly linesPerDocument: number;
  readonly issuesPerDocument: number;
  /** Of a file that is looked up: rows, and characters of what is kept of them. */
  readonly lookUpRows: number;
  readonly lookUpCharacters: number;
}

export const defaultLimits: Limits = {
  recordCharacters: 1024 * 1024,
  fieldCharacters: 64 * 1024,
  columns: 2000,
  linesPerDocument: 10_000,
  issuesPerDocument: 50,
  lookUpRows: 200_000,
  lookUpCharacters: 32 * 1024 * 1024,
};
