// Playwright's test with a server for each test, and people at browsers. Imported by every spec.
import { type BrowserContextOptions, expect, test as base } from '@playwright/test';
import { Person } from './person';
import { Proxy } from './proxy';
import { Server, type Settings } from './server';
import { logFrame } from './without_script';

/** Opens a browser for a person. The test fails if the console of the browser shows an error. */
export type Visit = (name: string, device?: BrowserContextOptions) => Promise<Person>;

export const test = base.extend<{
  /** The server's command-line settings, for `test.use`. */
  settings: Settings;
  server: Server;
  /** A proxy in front of the server, for people whose `baseURL` is the URL of the proxy. */
  network: Proxy;
  /** Returns a person without an open page. */
  visit: Visit;
  /** Returns a person who has joined and is in the lobby, connected. */
  join: Visit;
}>({
  settings: [{}, { option: true }],

  server: async ({ settings }, use, testInfo) => {
    const server = await Server.start(settings);
    await use(server);
    await server.remove();
    if (testInfo.errors.length > 0) await testInfo.attach('server.log', { body: server.log, contentType: 'text/plain' });
    expect(server.log, 'no panic in the server').not.toContain('panicked at');
  },

  network: async ({ server }, use) => {
    const network = await Proxy.before(server.url);
    await use(network);
    await network.close();
  },

  baseURL: async ({ server }, use) => use(server.url),

  visit: async ({ browser, baseURL }, use) => {
    const people: Person[] = [];
    await use(async (name, device) => {
      const context = await browser.newContext({ baseURL, locale: 'en-GB', timezoneId: 'Europe/Berlin', ...device });
      const page = await context.newPage();
      const person = new Person(name, page, device?.javaScriptEnabled === false ? logFrame(page) : page);
      people.push(person);
      return person;
    });
    const errors = people.flatMap((person) => person.unexpectedErrors());
    await Promise.all(people.map((person) => person.context.close()));
    expect(errors, 'errors in the console').toEqual([]);
  },

  join: async ({ visit }, use) => {
    await use(async (name, device) => {
      const person = await visit(name, device);
      await person.open('/');
      await person.joins();
      await person.isIn('Lobby');
      return person;
    });
  },
});

export { expect };
