/** Which algorithms a connection may use, by what they are for, the preferred ones first. */
export interface Algorithms {
  readonly kex: string[];
  readonly serverHostKey: string[];
  readonly cipher: string[];
  readonly hmac: string[];
}

type Purpose = keyof Algorithms;

/** What a server of the last ten years offers. The library's own list still has SHA-1 in it. */
const MODERN: Readonly<Record<Purpose, readonly string[]>> = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
};

/** What a configuration may name under `legacy`. */
const LEGACY: Readonly<Record<Purpose, readonly string[]>> = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1', 'hmac-md5'],
};

/**
 * The modern algorithms, with the legacy ones that were named behind them. `keyTypes`: the kinds of key known of the
 * server; only those are asked for, so that a server with several keys shows one we can compare.
 */
export function chooseAlgorithms(legacy: readonly string[], keyTypes: readonly string[]): Algorithms {
  const allowed = (purpose: Purpose): string[] => [
    ...MODERN[purpose],
    ...LEGACY[purpose].filter((name) => legacy.includes(name)),
  ];
  const keys = allowed('serverHostKey');
  const known = keys.filter((name) => keyTypes.includes(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name));
  return {
    kex: allowed('kex'),
    serverHostKey: known.length === 0 ? keys : known,
    cipher: allowed('cipher'),
    hmac: allowed('hmac'),
  };
}
