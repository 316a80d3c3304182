import { BlockList, isIP, isIPv6 } from 'node:net';

// IANA special-purpose registries (IPv4 and IPv6) and multicast: everything that is not somebody's public server.
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Inside 2000::/3, the only part of IPv6 that is given out; 2002::/16 and 2001::/32 tunnel to any IPv4 address.
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = new BlockList();
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const range of special4) special.addSubnet(...cidr(range), 'ipv4');
for (const range of special6) special.addSubnet(...cidr(range), 'ipv6');

function cidr(range: string): [string, number] {
  const [address, bits] = range.split('/') as [string, string];
  return [address, Number(bits)];
}

/** May a public server have this IP address? False for private, loopback, link-local, tunnelled and odd ones. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv6(address)) return global6.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return !special.check(address, 'ipv4');
}

/** Is this an address of the machine itself? */
export const isLoopback = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

const localNames =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid|onion|arpa)$/;

/**
 * Why an address must not be fetched, before any name is looked up; undefined when it may be tried.
 * Only https on port 443, no user or password, a host name with a dot that is not a local one, or a public IP address.
 */
export function refusalOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'not an address';
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'not https';
  if (url.username !== '' || url.password !== '') return 'user name in the address';
  if (url.port !== '') return 'unusual port';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'not a public IP address';
  const name = host.replace(/\.$/, '').toLowerCase();
  if (!name.includes('.') || localNames.test(name)) return 'not a public host name';
  return undefined;
}
