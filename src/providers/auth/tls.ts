import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Failure } from '../../core/failure.ts';
import type { AuthDefinition } from '../definition.ts';
import { fillTemplate } from '../request/template.ts';
import type { TlsMaterial } from '../request/transport.ts';

/** Answers the text of a file, undefined when it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/**
 * Our certificate and those we trust. A setting holds PEM text or the path of a file; an empty one is not used.
 * @throws Failure bad-config when something cannot be used; never says the value.
 */
export function resolveTls(
  { tls }: AuthDefinition,
  settings: ReadonlyMap<string, string>,
  readFile: ReadFile,
): TlsMaterial | undefined {
  const pem = (name: keyof typeof tls): string | undefined => {
    const template = tls[name];
    const value = template === undefined ? undefined : fillTemplate(template, { settings });
    if (value === undefined || value.includes('-----BEGIN')) return value;
    const text = readFile(value);
    if (text === undefined) throw new Failure('bad-config', `auth.tls.${name} is neither PEM text nor a readable file`);
    return text;
  };
  const [cert, key, ca] = [pem('certificate'), pem('key'), pem('authority')];
  if ((cert === undefined) !== (key === undefined))
    throw new Failure('bad-config', 'auth.tls has a certificate or a key without the other');
  if (cert === undefined && ca === undefined) return undefined;
  const material = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
  };
  try {
    // A secure context passes over an authority that is none.
    const certificates = [cert, ca].flatMap((pem) => (pem === undefined ? [] : new X509Certificate(pem)));
    if (certificates.length > 0) createSecureContext(material);
  } catch (error) {
    throw new Failure('bad-config', 'auth.tls has a certificate or a key that cannot be used', { cause: error });
  }
  return material;
}
