import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { anIssuanceWorld, type IssuanceWorld } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';

import.meta.jest.setTimeout(200_000);

const token = randomBytes(24).toString('base64url');

/** An address of this machine under which another machine would reach it; a machine without network has loopback's. */
const elsewhere =
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.2';

describe('the metrics of a worker', () => {
  let world: IssuanceWorld;
  const secrets = serviceSecrets();
  const running: ServiceProcess[] = [];

  beforeAll(async () => {
    world = await anIssuanceWorld();
  });
  afterAll(async () => {
    for (const one of running) await one.stop('SIGKILL');
    secrets.remove();
    await world?.close();
  });

  const started = async (environment: Record<string, string>): Promise<ServiceProcess> => {
    const worker = await ServiceProcess.worker({
      databaseUrl: world.urls.workerUrl,
      origin: 'http://localhost:4180',
      masterKeyFile: secrets.masterKeyFile,
      environment,
    });
    running.push(worker);
    return await worker.ready();
  };
  const read = (at: string, authorization?: string): Promise<Response> =>
    fetch(at, { headers: authorization ? { authorization } : {} });

  it('are read from another address with the token alone; without it they look like nothing', async () => {
    const worker = await started({ WORKER_HOST: '0.0.0.0', INSIGNE_METRICS_TOKEN: token });
    const { port } = new URL(worker.address);
    for (const host of [elsewhere, '127.0.0.1']) {
      const at = `http://${host}:${port}`;
      const metrics = await read(`${at}/metrics`, `Bearer ${token}`);
      expect([metrics.status, metrics.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^text\/plain/),
      ]);
      const text = await metrics.text();
      for (const name of [
        'insigne_sign_step_seconds',
        'insigne_issuance_dead_letters',
        'insigne_forged_jobs_total',
      ])
        expect(text).toContain(`# TYPE ${name} `);
      const unknown = await (await read(`${at}/nothing`)).text();
      for (const wrong of [undefined, token, 'Bearer', `Bearer ${token}x`, `bearer ${token}`]) {
        const refused = await read(`${at}/metrics`, wrong);
        expect(refused.status).toBe(404);
        expect((await refused.text()).replace('/metrics', '/nothing')).toBe(unknown);
      }
    }
    expect(worker.output).not.toContain(token);
  });

  it('leave the probes open beside them', async () => {
    const { port } = new URL(running[0]!.address);
    for (const path of ['health', 'ready'])
      expect((await read(`http://${elsewhere}:${port}/${path}`)).status).toBe(200);
  });

  it('are for this machine, without a token, when nothing is set', async () => {
    const worker = await started({});
    const { port } = new URL(worker.address);
    expect((await read(`${worker.address}/metrics`)).status).toBe(200);
    await expect(read(`http://${elsewhere}:${port}/metrics`)).rejects.toThrow();
  });
});
