import type { Outcome, ProviderMessage } from '../../core/provider.ts';

/** Which elements of the list of a request are those of one document. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/**
 * Tells places in the list of a request as places in the document itself: `products[37].name` of the request is
 * `products[0].name` of the document that stands there. Its sender knows of no others.
 */
export function createPlaces(list: string, { first, count }: Span): (outcome: Outcome) => Outcome {
  const inText = placePattern(list, 'g');
  const own = (text: string): string =>
    text.replaceAll(inText, (found, digits: string) => {
      const place = Number(digits) - first;
      return place >= 0 && place < count ? `${list}[${place}]` : found;
    });
  const tell = ({ text, field, ...rest }: ProviderMessage): ProviderMessage => ({
    ...rest,
    text: own(text),
    ...(field === undefined ? {} : { field: own(field) }),
  });
  return (outcome) => ({
    ...outcome,
    messages: outcome.messages.map(tell),
    ...(outcome.notices === undefined ? {} : { notices: outcome.notices.map(tell) }),
  });
}

/** Which place of the list each message is about, where it says so. */
export function namedPlaces(list: string, messages: readonly ProviderMessage[]): ReadonlyMap<ProviderMessage, number> {
  const inField = placePattern(list);
  const named = new Map<ProviderMessage, number>();
  for (const message of messages) {
    const [found, digits] = inField.exec(message.field ?? '') ?? [];
    if (found !== undefined && message.field?.startsWith(found) === true) named.set(message, Number(digits));
  }
  return named;
}

function placePattern(list: string, flags = ''): RegExp {
  const literal = list.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(String.raw`${literal}\[(\d{1,6})\]`, flags);
}
