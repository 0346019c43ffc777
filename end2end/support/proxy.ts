// A proxy between browsers and the server that misbehaves as networks do. Its faults can change at any time.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, type RequestOptions, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type Fault =
  /** Refuses every request to upgrade, and closes the open WebSockets. */
  | 'refuses Upgrade'
  /** Closes every connection of a request or WebSocket that is 10 s old. */
  | 'cuts at 10 s'
  /** Forwards a response when it is complete. The response of a WebSocket never is. */
  | 'buffers answers'
  /** Closes a connection in the middle of the server's bytes, from time to time. */
  | 'drops in mid-frame'
  /** Delays all bytes of the server by 300 ms. */
  | 'adds 300 ms';

const CUT_AFTER_MS = 10_000;
const DELAY_MS = 300;
/** One of this many pieces from the server is cut in half, and its connection is closed. */
const DROP_ONE_IN = 12;

export class Proxy {
  /** How often a fault has had an effect. */
  nMet = 0;
  /** The factor by which the proxy's timers run faster. Pages behind the proxy need a clock of the same speed. */
  speed = 1;
  /** The open connections from browsers. */
  private readonly connections = new Set<Socket>();
  /** The connections that are WebSockets. */
  private readonly sockets = new Set<Duplex>();
  /** One function for each connection that is older than 10 s. The function closes the connection. */
  private readonly old = new Set<() => void>();
  private faults = new Set<Fault>();
  private nPieces = 0;
  private readonly listener = createServer((incoming, answer) => this.forward(incoming, answer));

  private constructor(private readonly target: URL) {
    this.listener.on('upgrade', (incoming, socket, head) => this.upgrade(incoming, socket, head));
    this.listener.on('connection', (connection) => {
      this.connections.add(connection);
      connection.on('close', () => this.connections.delete(connection));
    });
  }

  static async before(url: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(url));
    await proxy.listen(0);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Sets the faults of the proxy. */
  behave(...faults: Fault[]): void {
    this.faults = new Set(faults);
    if (this.has('refuses Upgrade') || this.has('buffers answers')) this.cutSockets();
    if (this.has('cuts at 10 s')) for (const cut of this.old) cut();
  }

  /** Closes every connection, also in the middle of a chunk. */
  cut(): void {
    for (const connection of this.connections) connection.destroy();
  }

  /** Resets every connection (TCP RST). */
  reset(): void {
    for (const connection of this.connections) connection.resetAndDestroy();
  }

  /** Closes the proxy's port. The returned function opens it again. */
  async gone(): Promise<() => Promise<void>> {
    const { port } = this.listener.address() as AddressInfo;
    await this.close();
    return () => this.listen(port);
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private async listen(port: number): Promise<void> {
    this.listener.listen(port, '127.0.0.1');
    await once(this.listener, 'listening');
  }

  private has(fault: Fault): boolean {
    return this.faults.has(fault);
  }

  private cutSockets(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const onward = request(this.options(incoming));
    this.cutInTime(answer, onward);
    incoming.pipe(onward);
    onward.on('error', () => answer.destroy());
    onward.on('response', (response) => void this.pass(response, answer));
    // A request that the browser aborts is aborted at the server.
    answer.on('close', () => onward.destroy());
  }

  private async pass(response: IncomingMessage, answer: ServerResponse): Promise<void> {
    try {
      if (this.has('buffers answers')) {
        this.nMet += 1;
        const pieces: Buffer[] = [];
        for await (const piece of response) pieces.push(piece as Buffer);
        answer.writeHead(response.statusCode ?? 502, response.headers);
        answer.end(Buffer.concat(pieces));
        return;
      }
      if (this.has('adds 300 ms')) await this.rest();
      answer.writeHead(response.statusCode ?? 502, response.headers);
      answer.flushHeaders();
      for await (const piece of response) {
        if (this.isToDrop()) return void this.drop(answer, piece as Buffer);
        answer.write(piece);
      }
      answer.end();
    } catch {
      answer.destroy();
    }
  }

  private upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.has('refuses Upgrade')) {
      this.nMet += 1;
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // The response has no end, so the browser waits.
    if (this.has('buffers answers')) return;
    const onward = request(this.options(incoming));
    this.cutInTime(socket, onward);
    onward.on('error', () => socket.destroy());
    onward.on('response', () => socket.destroy());
    onward.on('upgrade', (response, server, first) => {
      const head_ = response.rawHeaders.reduce((text, part, i) => text + part + (i % 2 ? '\r\n' : ': '), '');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head_}\r\n`);
      if (first.length > 0) socket.write(first);
      if (head.length > 0) server.write(head);
      socket.on('data', (piece: Buffer) => server.write(piece));
      server.on('data', (piece: Buffer) => void this.say(socket, piece));
      server.on('error', () => socket.destroy());
      server.on('close', () => socket.destroy());
      socket.on('close', () => server.destroy());
    });
    onward.end();
  }

  private async say(socket: Duplex, piece: Buffer): Promise<void> {
    // Timers of equal length fire in order, so the pieces keep their order.
    if (this.has('adds 300 ms')) await this.rest();
    if (socket.destroyed) return;
    if (this.isToDrop()) this.drop(socket, piece);
    else socket.write(piece);
  }

  private isToDrop(): boolean {
    this.nPieces += 1;
    return this.has('drops in mid-frame') && this.nPieces % DROP_ONE_IN === 0;
  }

  /** Sends the first half of a piece and closes the connection. */
  private drop(to: Duplex | ServerResponse, piece: Buffer): void {
    this.nMet += 1;
    to.write(piece.subarray(0, Math.ceil(piece.length / 2)), () => to.destroy());
  }

  private cutInTime(to: Duplex | ServerResponse, onward: ClientRequest): void {
    const cut = () => {
      this.nMet += 1;
      to.destroy();
      onward.destroy();
    };
    const timer = setTimeout(() => (this.has('cuts at 10 s') ? cut() : this.old.add(cut)), CUT_AFTER_MS / this.speed);
    to.on('close', () => {
      clearTimeout(timer);
      this.old.delete(cut);
    });
  }

  private rest(): Promise<void> {
    this.nMet += 1;
    return new Promise((done) => setTimeout(done, DELAY_MS / this.speed));
  }

  private options(incoming: IncomingMessage): RequestOptions {
    const { method, url: path, headers } = incoming;
    // The Host header is forwarded, as by any well configured proxy: the server compares Origin with it.
    return { host: this.target.hostname, port: this.target.port, method, path, headers, agent: false };
  }
}
