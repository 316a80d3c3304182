import { existsSync, readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import { readApiConfig } from '../../apps/api/src/config.js';
import { readWorkerConfig } from '../../apps/worker/src/config.js';

const text = (name: string): string => readFileSync(projectFile('docker', name), 'utf8');
const documents = text('kubernetes.yaml').split(/^---$/m);
const pod = (name: string): string =>
  documents.find((one) => one.includes(`name: ${name},`) && one.includes('containers:'))!;

/** Names and values of a pod's environment, with those of the ConfigMap. */
const environmentOf = (manifest: string): Record<string, string> =>
  Object.fromEntries([
    ...[...manifest.matchAll(/\{ name: ([A-Z_]+), value: "?([^" }]+)"? \}/g)].map(([, name, value]) => [
      name,
      value,
    ]),
    ...[...documents[0]!.matchAll(/^ {2}([A-Z_]+): (\S+)$/gm)].map(([, name, value]) => [name, value]),
  ]);

/** Names of a schema's faults that say a variable is missing. */
const missing = (read: () => unknown): string[] => {
  try {
    read();
    return [];
  } catch (error) {
    return ((error as { faults?: { message: string }[] }).faults ?? []).map((fault) => fault.message);
  }
};

describe('kubernetes.yaml', () => {
  it('starts two api and three worker pods, with commands that the image knows', () => {
    expect(pod('insigne-api')).toMatch(/^ {2}replicas: 2$/m);
    expect(pod('insigne-worker')).toMatch(/^ {2}replicas: 3$/m);
    const commands = documents.flatMap((one) =>
      [...one.matchAll(/args: \["(\w+)"\]/g)].map(([, name]) => name),
    );
    expect(commands).toEqual(['migrate', 'api', 'worker']);
    const commandLine = readFileSync(projectFile('apps', 'cli', 'src', 'main.ts'), 'utf8');
    for (const name of commands)
      if (existsSync(projectFile('apps', name!, 'src', 'main.ts')))
        expect(text('insigne')).toMatch(new RegExp(`^ {2}(\\w+ \\| )?${name}[ |)]`, 'm'));
      else expect(commandLine).toMatch(new RegExp(`^ {2}${name}: `, 'm'));
  });

  it('gives each program every variable it asks for', () => {
    const worker = environmentOf(pod('insigne-worker'));
    expect(missing(() => readWorkerConfig({ ...worker, DATABASE_URL: 'postgres://x' }))).toEqual([]);
    const api = environmentOf(pod('insigne-api'));
    // Everything but the file itself, which lies in the cluster.
    expect(() => readApiConfig({ ...api, DATABASE_URL: 'postgres://x' })).toThrow(/ENOENT.*token_secret/);
    const { INSIGNE_ORIGIN: _origin, ...without } = worker;
    expect(missing(() => readWorkerConfig({ ...without, DATABASE_URL: 'postgres://x' })).join()).toContain(
      'INSIGNE_ORIGIN',
    );
  });

  it('asks addresses that exist, and gives the worker time to finish its batches', () => {
    for (const name of ['insigne-api', 'insigne-worker'])
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
        expect(pod(name)).toContain(probe);
    const asked = [...text('kubernetes.yaml').matchAll(/(?:path: |127\.0\.0\.1:9464)(\/\w+)/g)].map(
      ([, path]) => path,
    );
    expect(asked.length).toBeGreaterThanOrEqual(6);
    for (const path of asked) expect(['/ready', '/health']).toContain(path);
    for (const name of ['insigne-api', 'insigne-worker'])
      expect(pod(name)).toMatch(/terminationGracePeriodSeconds: 3[05]/);
  });

  it('runs nothing as root, and nothing may write where the program lies', () => {
    for (const one of documents.filter((manifest) => manifest.includes('containers:'))) {
      expect(one).toContain('runAsNonRoot: true');
      const containers = one.match(/^ +image: /gm)!.length;
      expect(one.match(/readOnlyRootFilesystem: true/g)).toHaveLength(containers);
      expect(one.match(/allowPrivilegeEscalation: false/g)).toHaveLength(containers);
      expect(one.match(/drop: \[ALL\]/g)).toHaveLength(containers);
    }
  });

  it('shows the master key to the worker alone', () => {
    expect(pod('insigne-worker')).toContain('secretName: insigne-worker');
    for (const name of ['insigne-api', 'insigne-migrate'])
      expect(pod(name)).not.toMatch(/insigne-worker|MASTER_KEY/);
    expect(pod('insigne-worker')).not.toContain('token_secret');
  });

  it('mounts only volumes that it has', () => {
    for (const one of documents.filter((manifest) => manifest.includes('containers:'))) {
      const volumes = one.slice(one.lastIndexOf('      volumes:'));
      const mounted = [...one.matchAll(/\{ name: (\w+), mountPath/g)].map(([, name]) => name);
      expect(mounted.length).toBeGreaterThan(0);
      for (const name of mounted) expect(volumes).toContain(`name: ${name},`);
    }
  });
});

describe('compose.scale.yaml', () => {
  const scale = text('compose.scale.yaml');
  const services = (compose: string): string[] =>
    [...compose.slice(compose.indexOf('\nservices:')).matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name!);

  it('makes more of services that compose.yaml has, and adds a proxy alone', () => {
    const known = services(text('compose.yaml'));
    expect(services(scale).filter((name) => !known.includes(name))).toEqual(['proxy']);
    expect(scale).toMatch(/api:[\s\S]*?replicas: 2/);
    expect(scale).toMatch(/worker:[\s\S]*?replicas: 3/);
  });

  it('sends the proxy to the port that the api listens on, with a file that exists', () => {
    expect(existsSync(projectFile('docker', 'nginx.conf'))).toBe(true);
    const port = /PORT: "(\d+)"/.exec(text('compose.yaml'))![1];
    expect(text('nginx.conf')).toContain(`http://api:${port}`);
    expect(scale).toContain(':8080"');
    expect(text('nginx.conf')).toContain('listen 8080;');
  });
});
