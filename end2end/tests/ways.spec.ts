import type { Person } from '../support/person';
import { type Fault, Proxy } from '../support/proxy';
import { expect, test as base, type Visit } from '../support/test';

/** Messages of each person, a fifth of them in each of five spells: the proxy behaves, misbehaves, behaves, … */
const N_MESSAGES = 50;
const N_SPELLS = 5;
/** For a person to find another way, at the worst: three waits that are cut at 10 s each. */
const ANOTHER_WAY_MS = 90_000;

const test = base.extend<{ network: Proxy; joinBehind: Visit }>({
  network: async ({ server }, use) => {
    const network = await Proxy.before(server.url);
    await use(network);
    await network.close();
  },
  /** Someone who has joined, and whose browser sees the server only through the network. */
  joinBehind: async ({ network, visit }, use) => {
    await use(async (name, device) => {
      const person = await visit(name, { baseURL: network.url, ...device });
      person.allowErrors('the network misbehaves', /WebSocket connection|net::ERR|status of (403|404|409|502)/);
      await person.open('/');
      await person.joins();
      await person.isIn('Lobby');
      return person;
    });
  },
});

test.use({ settings: { 'posts-per-minute': 0 } });

const networks: { name: string; faults: Fault[]; transport?: string }[] = [
  { name: 'refuses Upgrade', faults: ['refuses Upgrade'], transport: 'longpoll' },
  { name: 'cuts every request at 10 s', faults: ['cuts at 10 s'] },
  { name: 'refuses Upgrade and cuts every request at 10 s', faults: ['refuses Upgrade', 'cuts at 10 s'], transport: 'poll' },
  { name: 'buffers whole answers', faults: ['buffers answers'], transport: 'longpoll' },
  { name: 'drops connections in mid-frame', faults: ['drops in mid-frame'] },
  { name: 'refuses Upgrade and drops connections in mid-frame', faults: ['refuses Upgrade', 'drops in mid-frame'] },
  { name: 'adds 300 ms', faults: ['adds 300 ms'] },
  { name: 'refuses Upgrade and adds 300 ms', faults: ['refuses Upgrade', 'adds 300 ms'], transport: 'longpoll' },
];

for (const { name, faults, transport } of networks) {
  test(`through a network that ${name}, on and off, two people lose and double nothing`, async ({ network, joinBehind }) => {
    test.setTimeout(300_000);
    const people = [await joinBehind('Kira'), await joinBehind('Ben')];
    for (let spell = 0; spell < N_SPELLS; spell += 1) {
      const misbehaves = spell % 2 === 1;
      network.behave(...(misbehaves ? faults : []));
      await Promise.all(people.map((person) => talks(person, spell)));
      if (misbehaves && transport && spell === 1) {
        for (const { connection } of people) {
          await expect(connection).toHaveAttribute('data-transport', transport, { timeout: ANOTHER_WAY_MS });
        }
      }
      await everyoneHasRead(people, (spell + 1) * (N_MESSAGES / N_SPELLS));
    }

    const [kira, ben] = await Promise.all(people.map((person) => person.log()));
    expect(kira).toEqual(ben);
    expect(kira?.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * N_MESSAGES }, (_, i) => i + 1));
    for (const { name } of people) {
      const said = kira?.filter(({ author }) => author.startsWith(name)).map(({ body }) => body);
      expect(said).toEqual(Array.from({ length: N_MESSAGES }, (_, i) => message(name, i)));
    }
  });
}

async function talks(person: Person, spell: number): Promise<void> {
  const n = N_MESSAGES / N_SPELLS;
  for (let i = spell * n; i < (spell + 1) * n; i += 1) await person.says(message(person.name, i));
}

/** Until so many messages of each are on everyone's screen, confirmed. */
async function everyoneHasRead(people: Person[], nEach: number): Promise<void> {
  for (const person of people) {
    await expect
      .poll(async () => (await person.log()).length, { message: `${person.name} has read all`, timeout: ANOTHER_WAY_MS })
      .toBe(nEach * people.length);
  }
}

function message(name: string, i: number): string {
  return `${name} ${i + 1}`;
}
