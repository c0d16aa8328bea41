/** Stands where a provider does for what others say of our files. No configured provider can have this name. */
export const OUR_FILES = 'dray.files';

/** What documents of an inbound flow that acknowledges our files are submitted to. */
export function acknowledgeOperation(flow: string): string {
  return `acknowledge.${flow}`;
}
