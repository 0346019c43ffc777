import { speedUpClock } from '../support/clock';
import type { Person } from '../support/person';
import type { Fault } from '../support/proxy';
import { expect, test as base, type Visit } from '../support/test';

/** The messages of each person, a fifth of them in each of five periods. The proxy misbehaves in the second and fourth. */
const N_MESSAGES = 50;
const N_PERIODS = 5;
/** The factor by which the page's clock runs faster: finding another transport takes up to three waits of 10 s each. */
const SPEED = 5;
/** The real time within which the page must find another transport. */
const ANOTHER_TRANSPORT_MS = 60_000;

const test = base.extend<{ joinBehind: Visit }>({
  /** Someone who has joined through the network. Time passes faster for their browser and for the network. */
  joinBehind: async ({ network, visit }, use) => {
    network.speed = SPEED;
    await use(async (name, device) => {
      const person = await visit(name, { baseURL: network.url, ...device });
      await speedUpClock(person, SPEED);
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
  test(`through a network that sometimes ${name}, no message of two people is lost or doubled`, async ({ network, joinBehind }) => {
    test.setTimeout(180_000);
    const people = [await joinBehind('Kira'), await joinBehind('Ben')];
    for (let period = 0; period < N_PERIODS; period += 1) {
      const misbehaves = period % 2 === 1;
      network.behave(...(misbehaves ? faults : []));
      const nMetBefore = network.nMet;
      await Promise.all(people.map((person) => talks(person, period, 0)));
      if (misbehaves) {
        const met = () => network.nMet > nMetBefore;
        await expect.poll(met, { message: 'someone meets the fault', timeout: ANOTHER_TRANSPORT_MS, intervals: [20] }).toBe(true);
      }
      await Promise.all(people.map((person) => talks(person, period, 1)));
      if (misbehaves && transport && period === 1) {
        for (const { connection } of people) {
          await expect(connection).toHaveAttribute('data-transport', transport, { timeout: ANOTHER_TRANSPORT_MS });
        }
      }
      await everyoneHasRead(people, (period + 1) * (N_MESSAGES / N_PERIODS));
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

/** Sends half of the messages that a person sends in a period. */
async function talks(person: Person, period: number, half: 0 | 1): Promise<void> {
  const n = N_MESSAGES / N_PERIODS / 2;
  const first = (2 * period + half) * n;
  for (let i = first; i < first + n; i += 1) await person.says(message(person.name, i));
}

/** Waits until everyone's page shows `nEach` confirmed messages of each person. */
async function everyoneHasRead(people: Person[], nEach: number): Promise<void> {
  for (const person of people) {
    await expect
      .poll(async () => (await person.log()).length, { message: `${person.name} has read all`, timeout: ANOTHER_TRANSPORT_MS })
      .toBe(nEach * people.length);
  }
}

function message(name: string, i: number): string {
  return `${name} ${i + 1}`;
}
