import { isPublicAddress, refusalOfUrl } from './addresses.js';
import { FetchFailed } from './fetcher.js';
import { GuardedFetcher } from './guarded-fetcher.js';

const refused = [
  // loopback, in every spelling
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.255.255.254/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://localhost/',
  'https://localhost./',
  'https://LOCALHOST/',
  'https://a.localhost/',
  'https://ⓛocalhost/',
  'https://127。0。0。1/',
  // unspecified and private networks
  'https://0.0.0.0/',
  'https://0/',
  'https://[::]/',
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.0.1/',
  'https://100.64.0.1/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[fe80::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:0:0::1]/',
  'https://[::ffff:0:127.0.0.1]/',
  // cloud metadata
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/',
  'https://metadata.google.internal/',
  'https://0xa9fea9fe/',
  'https://[::ffff:a9fe:a9fe]/',
  // documentation, benchmarking, multicast, broadcast
  'https://192.0.2.1/',
  'https://198.18.0.1/',
  'https://198.51.100.7/',
  'https://203.0.113.9/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://240.0.0.1/',
  'https://[2001:db8::1]/',
  'https://[ff02::1]/',
  // other schemes, ports, users, names
  'http://badges.example/',
  'file:///etc/passwd',
  'gopher://badges.example/',
  'ftp://badges.example/',
  'data:text/plain,x',
  'javascript:alert(1)',
  'https://badges.example:8443/',
  'https://badges.example:22/',
  'https://user:secret@badges.example/',
  'https://127.0.0.1@badges.example/',
  'https://intranet/',
  'https://printer.local/',
  'https://db.internal/',
  'https://router.home.arpa/',
  'https://x.onion/',
  'unix:/var/run/docker.sock',
  '//badges.example/',
  'badges.example',
  '',
];

describe('addresses that a stranger’s badge may not send us to', () => {
  it('are at least sixty', () => {
    expect(new Set(refused).size).toBeGreaterThanOrEqual(60);
  });

  it.each(refused)('refuses %p before anything is looked up', async (url) => {
    expect(refusalOfUrl(url)).toBeDefined();
    const looked: string[] = [];
    const fetcher = new GuardedFetcher({
      resolve: async (host) => {
        looked.push(host);
        return ['93.184.215.14'];
      },
    });
    await expect(fetcher.fetch(url)).rejects.toMatchObject({ code: 'fetch_refused' });
    expect(looked).toEqual([]);
  });

  it.each([
    'https://badges.example/x',
    'https://badges.example:443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://xn--ecole-9ra.example/',
  ])('lets %s be tried', (url) => {
    expect(refusalOfUrl(url)).toBeUndefined();
  });

  it.each([
    [['127.0.0.1']],
    [['10.1.2.3']],
    [['93.184.215.14', '127.0.0.1']],
    [['::1', '2606:4700::1111']],
    [['169.254.169.254']],
    [['fe80::1%eth0']],
    [['::ffff:192.168.1.1']],
    [[]],
  ])('refuses a public name that resolves to %p', async (addresses) => {
    const fetcher = new GuardedFetcher({ resolve: async () => addresses });
    const answer = fetcher.fetch('https://rebind.example/did.json');
    await expect(answer).rejects.toThrow(FetchFailed);
    await expect(answer).rejects.toMatchObject({ code: 'fetch_refused' });
  });

  it('tells public IP addresses from the others', () => {
    for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700::1111', '2a00:1450::1'])
      expect(isPublicAddress(address)).toBe(true);
    for (const address of [
      '',
      'localhost',
      '1.2.3',
      '1.2.3.4.5',
      '::ffff:1.1.1.1',
      '64:ff9b::1',
      '3fff::1',
      '4000::1',
    ])
      expect(isPublicAddress(address)).toBe(false);
  });
});
