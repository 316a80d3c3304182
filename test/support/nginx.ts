import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#platform';
import { freeTestPort } from './program.js';
import { eventually } from './service-process.js';

// Debian puts it where only root looks.
const env = { PATH: `${process.env.PATH}:/usr/sbin` };

export const hasNginx = (): boolean => !spawnSync('nginx', ['-v'], { env }).error;

/** A name server that knows one name, or, like Docker's when no container of a service runs, none. */
class NameServer {
  isKnown = true;
  private readonly socket: Socket = createSocket('udp4');

  async listen(): Promise<number> {
    this.socket.on('message', (question, from) => this.socket.send(this.answer(question), from.port));
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return this.socket.address().port;
  }

  close(): void {
    this.socket.close();
  }

  /** RFC 1035, 4.1: 127.0.0.1, or that there is no such name. */
  private answer(question: Buffer): Buffer {
    const header = Buffer.from([...question.subarray(0, 2), 0x81, this.isKnown ? 0x80 : 0x83]);
    const counts = Buffer.from([0, 1, 0, this.isKnown ? 1 : 0, 0, 0, 0, 0]);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1]);
    return Buffer.concat([header, counts, asked, ...(this.isKnown ? [record] : [])]);
  }
}

/** A running nginx with docker/nginx.conf: other ports, folders and name server, and nothing else changed. */
export class Nginx {
  private constructor(
    /** Where it answers. */
    readonly address: string,
    /** Who tells it where the api is. */
    readonly names: NameServer,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param apiPort where the api listens on this machine */
  static async before(apiPort: number): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'insigne-nginx-'));
    // Started by root, it works under another account.
    chmodSync(folder, 0o755);
    const names = new NameServer();
    const [nameServer, outer, inner] = [await names.listen(), await freeTestPort(), await freeTestPort()];
    let text = readFileSync(projectFile('docker', 'nginx.conf'), 'utf8');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${join(folder, name)};`,
    );
    for (const [there, here] of [
      ['resolver 127.0.0.11 valid=5s', `resolver 127.0.0.1:${nameServer} valid=1s ipv6=off`],
      ['/tmp/nginx.pid', join(folder, 'nginx.pid')],
      ['/var/cache/nginx/lists', join(folder, 'lists')],
      ['api:4180', `api:${apiPort}`],
      ['listen 8080', `listen 127.0.0.1:${outer}`],
      ['127.0.0.1:8081', `127.0.0.1:${inner}`],
      ['http {', `http { ${temporary.join(' ')}`],
    ] as const) {
      if (!text.includes(there)) throw new Error(`docker/nginx.conf has no ${there}`);
      text = text.replaceAll(there, here);
    }
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, text);
    const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr', '-g', 'daemon off;'], { env });
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    const nginx = new Nginx(`http://127.0.0.1:${outer}`, names, child, folder);
    await eventually(
      () => fetch(nginx.address).catch(() => undefined),
      (answer) => {
        if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
        return answer !== undefined;
      },
    );
    return nginx;
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'close');
    if (this.process.kill()) await ended;
    this.names.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
