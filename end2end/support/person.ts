// A person at a browser: a page in its own browser context, and the locators of what is on the page.
import { type BrowserContext, type ConsoleMessage, expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

/** A confirmed message as the page displays it. */
export interface LogEntry {
  seq: number;
  author: string;
  body: string;
}

export class Person {
  /** The number of documents that were loaded. Changing rooms loads none. */
  pageLoads = 0;

  readonly yourName: Locator;
  readonly join: Locator;
  readonly timeline: Locator;
  readonly messages: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly connection: Locator;
  readonly rooms: Locator;
  readonly people: Locator;
  readonly newRoom: Locator;
  readonly dialog: Locator;
  readonly leave: Locator;
  /** The heading with the room's name. */
  readonly heading: Locator;
  /** The error message of the page. */
  readonly alert: Locator;
  /** The button that leads to the newest message, shown while the log is scrolled up. */
  readonly pill: Locator;

  private readonly errors: string[] = [];
  private readonly allowed: { why: string; pattern: RegExp }[] = [];

  constructor(
    readonly name: string,
    readonly page: Page,
    /** The page or frame that contains the log: without script, the log is in a frame. */
    logPlace: Page | FrameLocator = page,
  ) {
    this.yourName = page.getByRole('textbox', { name: 'Your name' });
    this.join = page.getByRole('button', { name: 'Join', exact: true });
    this.timeline = logPlace.getByRole('log', { name: 'Messages' });
    this.messages = this.timeline.getByRole('article');
    this.composer = page.getByRole('textbox', { name: 'Message', exact: true });
    this.send = page.getByRole('button', { name: 'Send', exact: true });
    this.connection = page.getByRole('status', { name: 'Connection' });
    this.rooms = page.getByRole('navigation', { name: 'Rooms' });
    this.people = page.getByRole('list', { name: 'People' });
    this.newRoom = page.getByRole('button', { name: 'New room' });
    this.dialog = page.getByRole('dialog');
    this.leave = page.getByRole('button', { name: 'Leave', exact: true });
    this.heading = page.getByRole('main').getByRole('heading', { level: 1 });
    this.alert = page.getByRole('alert').filter({ hasText: /\S/ });
    this.pill = page.getByRole('button', { name: /^Jump to latest|^\d+ new message/ });

    page.on('domcontentloaded', () => (this.pageLoads += 1));
    page.on('pageerror', (error) => this.errors.push(`${name}'s page: ${error.stack || String(error)}`));
    page.on('console', (message) => this.hear(message));
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Console errors that match `pattern` don't fail the test; `why` says why the test causes them. */
  allowErrors(why: string, pattern: RegExp): void {
    this.allowed.push({ why, pattern });
  }

  /** Returns the console errors and exceptions that the test has not allowed. */
  unexpectedErrors(): string[] {
    return this.errors.filter((error) => !this.allowed.some(({ pattern }) => pattern.test(error)));
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** Fills in the person's name on the open page and joins. */
  async joins(): Promise<void> {
    await this.yourName.fill(this.name);
    await this.join.click();
  }

  /** Waits until the room is interactive and connected. */
  async isIn(room: string): Promise<void> {
    await expect(this.heading).toHaveText(room);
    await expect(this.page.locator('html[data-hydrated]')).toBeAttached();
    await expect(this.connection).toHaveAttribute('data-state', 'connected');
  }

  async types(text: string): Promise<void> {
    await this.composer.pressSequentially(text);
  }

  async says(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Presses a button of the toolbar of a message. */
  async acts(body: string, action: string): Promise<void> {
    const message = this.message(body);
    await message.hover();
    await message.getByRole('toolbar', { name: 'Message actions' }).getByRole('button', { name: action, exact: true }).click();
  }

  message(body: string): Locator {
    return this.messages.filter({ has: this.page.locator('[data-body]', { hasText: exactly(body) }) });
  }

  /** Waits until the page displays the message once, confirmed by the server. */
  async reads(body: string): Promise<void> {
    await expect(this.message(body)).toHaveAttribute('data-state', 'sent');
  }

  async bodies(): Promise<string[]> {
    return this.messages.locator('[data-body]').allTextContents();
  }

  async goesTo(room: string): Promise<void> {
    await this.room(room).click();
    await expect(this.heading).toHaveText(room);
  }

  /** Returns the link of the room in the list of rooms. */
  room(name: string): Locator {
    return this.rooms.getByRole('link', { name });
  }

  async creates(room: string, topic = ''): Promise<void> {
    await this.newRoom.click();
    await this.fillsNewRoom(room, topic);
    await this.isIn(room);
  }

  async fillsNewRoom(room: string, topic = ''): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'Room name' }).fill(room);
    await this.dialog.getByRole('textbox', { name: 'Topic' }).fill(topic);
    await this.dialog.getByRole('button', { name: 'Create' }).click();
  }

  /** Returns the confirmed messages in the order of the page. */
  async log(): Promise<LogEntry[]> {
    return this.messages.evaluateAll((articles) =>
      articles
        .filter((article) => article.hasAttribute('data-seq'))
        .map((article) => ({
          seq: Number(article.getAttribute('data-seq')),
          author: article.getAttribute('aria-label') ?? '',
          body: article.querySelector('[data-body]')?.textContent ?? '',
        })),
    );
  }

  private hear(message: ConsoleMessage): void {
    if (message.type() === 'error') this.errors.push(`${this.name}'s console: ${message.text()} (${message.location().url})`);
  }
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
