import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';

/** Who sends: an address; of IPv6 the network, for a sender has all addresses of one. */
export interface Sources {
  ofPost(request: IncomingMessage): string;
  /** Undefined for a proxy: whose connection it is, each post says anew. */
  ofConnection(socket: Socket): string | undefined;
}

/** `proxies`: addresses and networks (`10.0.0.0/8`) whose X-Forwarded-For is believed; that of others is not looked at. */
export function createSources(proxies: readonly string[]): Sources {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  const isProxy = (address: string): boolean =>
    proxies.length > 0 && isIP(address) !== 0 && list.check(address, familyOf(address));
  return {
    ofPost({ socket, headersDistinct }) {
      let source = plainAddress(socket.remoteAddress);
      // The last one was written by the proxy that talks to us; what stands before a stranger is the stranger's own word.
      const hops = (headersDistinct['x-forwarded-for'] ?? []).join(',').split(',');
      while (isProxy(source)) {
        const before = plainAddress(hops.pop()?.trim());
        if (isIP(before) === 0) break;
        source = before;
      }
      return networkOf(source);
    },
    ofConnection({ remoteAddress }) {
      const address = plainAddress(remoteAddress);
      return isProxy(address) ? undefined : networkOf(address);
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An IPv4 address as such, also where a socket of both kinds writes it as one of IPv6. */
function plainAddress(address = ''): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return mapped ?? address.replace(/%.*$/, '');
}

const NETWORK_GROUPS = 4;

function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::`;
}
