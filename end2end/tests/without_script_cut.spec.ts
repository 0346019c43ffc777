import type { Person } from '../support/person';
import type { Proxy } from '../support/proxy';
import { expect, test } from '../support/test';
import { arrives, logFrame, sends } from '../support/without_script';
import { fill } from '../support/writer';

/** The frame reloads one second after its response has ended, and shows its messages soon after. */
const AGAIN = { timeout: 20_000 };

test.use({ settings: { 'posts-per-minute': 0 } });

for (const { how, end } of [
  { how: 'killed with -9', end: 'kill9' },
  { how: 'told to stop', end: 'terminate' },
] as const) {
  test(`without script, the server is ${how} and started again: the frame reloads by itself and no message is lost`, async ({ server, visit }) => {
    const [kira, ben] = [await arrives(visit, 'Kira'), await arrives(visit, 'Ben')];
    for (const person of [kira, ben]) expectsFailures(person);
    await sends(kira, 'Before');
    await reads(ben, ['Before']);
    await ben.composer.fill('Half typed');

    await server[end]();
    await server.start();
    await sends(kira, 'Meanwhile');
    await reads(ben, ['Before', 'Meanwhile']);
    await sends(kira, 'After');
    for (const person of [kira, ben]) await reads(person, ['Before', 'Meanwhile', 'After']);
    await expect(ben.composer).toHaveValue('Half typed');
  });
}

for (const { what, happens } of [
  { what: 'the connection is reset', happens: async (network: Proxy) => network.reset() },
  { what: 'an answer is cut in the middle of a chunk', happens: async (network: Proxy) => network.cut() },
  {
    what: 'no server is there for a while',
    happens: async (network: Proxy, person: Person) => {
      const back = await network.gone();
      await expect.poll(() => person.page.frames().map((frame) => frame.url()), AGAIN).toContainEqual(expect.stringContaining('chrome-error'));
      await back();
    },
  },
]) {
  test(`without script, ${what}: the frame reloads by itself and shows the messages sent meanwhile`, async ({ network, server, visit }) => {
    const kira = await arrives(visit, 'Kira', { baseURL: network.url });
    expectsFailures(kira);
    await fill(server.url, 2);
    await reads(kira, ['Message 1', 'Message 2']);
    await kira.composer.fill('Half typed');
    const loads = kira.pageLoads;

    for (let spell = 1; spell <= 2; spell += 1) {
      await happens(network, kira);
      await fill(server.url, 60);
      await expect(kira.messages).toHaveCount(2 + spell * 60, AGAIN);
    }
    const sixty = Array.from({ length: 60 }, (_, i) => `Message ${i + 1}`);
    await reads(kira, ['Message 1', 'Message 2', ...sixty, ...sixty]);
    await expect(kira.messages.last()).toBeInViewport();
    await expect(kira.composer).toHaveValue('Half typed');
    expect(kira.pageLoads, 'the page around it is as it was').toBe(loads);
  });
}

test('without script, a reader of older messages who is disconnected gets the newest messages and keeps the unsent text', async ({ network, server, visit }) => {
  await fill(server.url, 60);
  const kira = await arrives(visit, 'Kira', { baseURL: network.url });
  expectsFailures(kira);
  await kira.composer.fill('Half typed');
  await logFrame(kira.page).getByRole('link', { name: 'Older messages' }).click();
  await expect(kira.messages).toHaveCount(10);
  network.reset();
  await expect(kira.messages.last()).toContainText('Message 60', AGAIN);
  await expect(kira.composer).toHaveValue('Half typed');
});

/** Waits until the frame shows exactly these messages. */
async function reads(person: Person, bodies: string[]): Promise<void> {
  await expect(person.messages.locator('[data-body]')).toHaveText(bodies, AGAIN);
}

function expectsFailures(person: Person): void {
  person.allowErrors('the frame fails to load', /Failed to load resource|net::ERR/);
}
