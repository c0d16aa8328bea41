/**
 * Answers a function that takes secrets out of texts, by value: wherever they stand, and in the forms in which a header,
 * an URL or a JSON text may carry them. Shorter ones than `shortest` are left alone: they would also be found inside
 * ordinary words.
 */
export function createRedaction(secrets: readonly string[], shortest: number): (text: string) => string {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  // The longest first: one secret may begin like another.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((left, form) => left.replaceAll(form, '[secret]'), text);
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    // Servers escape more than they must: what is not ASCII, and what HTML would read.
    escaped(json, /[^\u0020-\u007e]/g),
    escaped(json, /[^\u0020-\u007e]|[&'+<>]/g),
    encodeURIComponent(secret),
    base64,
    base64.replace(/=+$/, ''),
  ].flatMap((form) => [form, form.replaceAll(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)]);
}

function escaped(text: string, characters: RegExp): string {
  return text.replaceAll(characters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
