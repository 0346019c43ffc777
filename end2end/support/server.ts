// A Hubbub server with its own port and data folder, which can be killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@playwright/test';
import { binary } from './binary';

/** Settings by their long option's name, such as `{ 'posts-per-minute': 0 }`. */
export type Settings = Record<string, string | number>;

export class Server {
  /** The log of the server since it was first started. */
  log = '';
  private process: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly settings: Settings,
  ) {}

  static async start(settings: Settings): Promise<Server> {
    const folder = await mkdtemp(path.join(tmpdir(), 'hubbub-end2end-'));
    const server = new Server(await freePort(), folder, settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the server on its port and data folder, and waits until it is ready. */
  async start(): Promise<void> {
    const options = Object.entries(this.settings).map(([name, value]) => `--${name}=${value}`);
    const child = spawn(
      binary(),
      [`--listen=127.0.0.1:${this.port}`, `--data=${path.join(this.folder, 'data')}`, ...options],
      // Not the repository's folder: the binary must contain all that it serves.
      { cwd: this.folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.process = child;
    const keep = (text: Buffer) => (this.log += text);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => (this.log += `${error}\n`));
    await expect
      .poll(() => this.isReady(child), { message: 'the server is ready', intervals: [20, 50, 100], timeout: 20_000 })
      .toBe(true);
  }

  /** Kills the server with SIGKILL. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the server with SIGTERM, and returns its exit code. */
  async terminate(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Kills the server and removes its data. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async isReady(child: ChildProcess): Promise<boolean> {
    if (hasEnded(child)) throw new Error(`The server ended instead of starting:\n${this.log}`);
    const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
    return answer?.ok ?? false;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.process;
    this.process = undefined;
    if (!child || hasEnded(child)) return child?.exitCode ?? null;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Returns the environment without HUBBUB_* variables. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HUBBUB_')));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
