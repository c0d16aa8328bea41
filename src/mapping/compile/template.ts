import { withoutLookUps } from './look-up.ts';

/** `{Site}-{OrderNo}` in pieces. A doubled brace is a brace. */
export type TemplatePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'name'; readonly name: string };

/** Answers what is wrong as `problem` when the text is no template. */
export function parseTemplate(text: string): { parts: readonly TemplatePart[] } | { problem: string } {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if ((character === '{' || character === '}') && text[at + 1] === character) {
      literal += character;
      at += 2;
    } else if (character === '}') {
      return { problem: 'a closing brace without an opening one; write "}}" for a brace' };
    } else if (character === '{') {
      const end = endOfName(text, at);
      const name = end < 0 ? '' : text.slice(at + 1, end).trim();
      if (end < 0) return { problem: 'an opening brace without a closing one; write "{{" for a brace' };
      if (name === '' || withoutLookUps(name).includes('{')) return { problem: 'a name is missing between the braces' };
      if (literal !== '') parts.push({ kind: 'text', text: literal });
      literal = '';
      parts.push({ kind: 'name', name });
      at = end + 1;
    } else {
      literal += character;
      at++;
    }
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return { parts };
}

/** Braces inside brackets are those of a look-up: `{Lines[Sku={Sku}].LineNo}`. */
function endOfName(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '[') depth++;
    if (character === ']') depth--;
    if (character === '}' && depth <= 0) return at;
  }
  return text.indexOf('}', from);
}

/** Whether the text holds anything a template would replace or unescape. */
export function isTemplate(text: string): boolean {
  return /[{}]/.test(text);
}
