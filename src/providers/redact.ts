// Shorter values would also be found inside ordinary words.
const SHORTEST = 6;

/** Answers a function that takes secrets, also encoded ones, out of texts that a provider wrote. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
    ]);
  // The longest first: one secret may begin like another.
  const unique = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => unique.reduce((clean, form) => clean.replaceAll(form, '[secret]'), text);
}
