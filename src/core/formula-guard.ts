/**
 * Keeps a spreadsheet from running a cell of a file that people open: text that would start a formula gets an apostrophe
 * in front. Plain numbers stay as they are, and so do identifiers that begin with a hyphen: they call nothing. Source: OWASP, CSV injection (CWE-1236).
 */
export function guardFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-[A-Za-z0-9][\w.-]*$/.test(text) ? `'${text}` : text;
}
