/** Whether a text can stand in a header: no line ends, nothing outside Latin-1. */
export function isHeaderText(text: string): boolean {
  return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text);
}
