/** Fields of a log line. Ids and counts, never a value of a file. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Constant message + fields. info: a journey changed state; warn: we recovered; error: a person must act. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
