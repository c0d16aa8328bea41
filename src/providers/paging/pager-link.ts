import { Failure } from '../../core/failure.ts';
import type { LinkPaging } from '../feed/feed-definition.ts';
import { FORGOTTEN, onePage, sizeValue, type Pager } from './pager-parts.ts';
import type { Answer } from '../request/transport.ts';

/** A cursor is the address of the page below the base URL, empty for the first page. */
export function createLinkPager({ size }: LinkPaging, baseUrl: URL): Pager {
  return {
    ...onePage,
    request: (cursor) => (cursor === '' ? { values: sizeValue(size) } : { values: [], address: cursor }),
    next: (_cursor, { headers, address }) => {
      const target = nextLink(headers);
      return target === undefined ? undefined : addressBelow(target, address, baseUrl);
    },
    isInside: (cursor) => cursor !== '',
    forgotten: FORGOTTEN,
  };
}

// RFC 8288 §3: <target>; rel="next", <target>; rel=prev. Targets and quoted values may hold commas.
const LINK = /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i;

function nextLink(headers: Answer['headers']): string | undefined {
  for (const header of [headers['link'] ?? []].flat()) {
    for (const [, target, parameters = ''] of header.matchAll(LINK)) {
      const [, quoted, plain] = REL.exec(parameters) ?? [];
      const relations = (quoted ?? plain ?? '').toLowerCase().split(/\s+/);
      if (relations.includes('next')) return target;
    }
  }
  return undefined;
}

// Never another host: our credentials go with every request.
function addressBelow(target: string, address: string, baseUrl: URL): string {
  const base = baseUrl.pathname.replace(/\/+$/, '');
  const from = new URL(base + address, baseUrl).href;
  const url = URL.canParse(target, from) ? new URL(target, from) : undefined;
  if (url === undefined || url.origin !== baseUrl.origin) {
    throw new Failure('bad-answer', 'the next page is at another host');
  }
  if (base !== '' && !url.pathname.startsWith(`${base}/`)) {
    throw new Failure('bad-answer', 'the next page is outside the base address');
  }
  return url.pathname.slice(base.length) + url.search;
}
