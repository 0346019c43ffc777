// Controls the WebSocket between a person's page and the server. Pages load as usual.
import type { WebSocketRoute } from '@playwright/test';
import type { Person } from './person';

/** A frame of the page that carries out an operation. Other frames have other names. */
type Said = { operation?: { on: unknown; op: string; what: { post?: { body: string } } } };
/** A refusal's code, or an object with the code as its only field. */
type Refusal = string | Record<string, unknown>;

export class Wire {
  /** The message bodies that the page has sent, in order, repetitions included. */
  readonly posted: string[] = [];
  private isCut = false;
  private losesAnswers = false;
  private readonly sockets = new Set<WebSocketRoute>();
  private refuses: ((body: string) => Refusal | undefined) | undefined;

  /** Takes control of the WebSocket. To be called before the person's first page. */
  static async hold(person: Person): Promise<Wire> {
    const wire = new Wire();
    await person.context.routeWebSocket('**/ws', (socket) => wire.connect(socket));
    // The page stays on WebSocket, the only transport under control.
    await person.context.addInitScript(() => localStorage.setItem('hubbub.transport', `websocket chosen ${Date.now()}`));
    return wire;
  }

  /** Closes the WebSocket and refuses new ones until `restore` is called. */
  async cut(): Promise<void> {
    this.isCut = true;
    await Promise.all([...this.sockets].map((socket) => socket.close()));
  }

  restore(): void {
    this.isCut = false;
    this.losesAnswers = false;
  }

  /** Drops all frames of the server until `restore` is called. */
  loseAnswers(): void {
    this.losesAnswers = true;
  }

  /** Answers posts with the refusal that `refusal` returns. The server never gets these posts. */
  refusePosts(refusal: (body: string) => Refusal | undefined): void {
    this.refuses = refusal;
  }

  letPostsThrough(): void {
    this.refuses = undefined;
  }

  private async connect(socket: WebSocketRoute): Promise<void> {
    if (this.isCut) return socket.close();
    this.sockets.add(socket);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const { operation } = JSON.parse(message.toString()) as Said;
      const post = operation?.what.post;
      const refusal = post && this.refusalOf(post.body);
      if (operation && refusal) socket.send(JSON.stringify({ refused: { on: operation.on, op: operation.op, refusal } }));
      else server.send(message);
    });
    server.onMessage((message) => {
      if (!this.losesAnswers) socket.send(message);
    });
    return undefined;
  }

  private refusalOf(body: string): Refusal | undefined {
    this.posted.push(body);
    return this.refuses?.(body);
  }
}
