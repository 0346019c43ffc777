import type { Locator } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import type { Person } from '../support/person';
import { Proxy } from '../support/proxy';
import { expect, test } from '../support/test';

const RUNGS = [
  ['WebSocket', 'websocket'],
  ['Long polling', 'longpoll'],
  ['Polling', 'poll'],
] as const;

/** Opens the panel, chooses a transport and waits until it is in use. */
async function chooses(person: Person, transport: string, name: string): Promise<void> {
  await person.connection.getByRole('button', { name: 'Connection' }).click();
  await radio(person, transport).check();
  await expect(person.connection).toHaveAttribute('data-transport', name);
  await expect(person.connection).toHaveAttribute('data-state', 'connected');
  await person.page.keyboard.press('Escape');
}

function panel(person: Person): Locator {
  return person.page.getByRole('dialog', { name: 'Connection' });
}

function radio(person: Person, transport: string): Locator {
  return panel(person).getByRole('radiogroup', { name: 'Transport' }).getByRole('radio', { name: transport, exact: true });
}

/** Returns the value that the panel shows for a label. */
function fact(person: Person, name: string): Locator {
  return panel(person).getByRole('term').filter({ hasText: name }).locator('+ dd');
}

test('the panel opens from the keyboard, shows figures of the connection, and returns the focus', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('One');
  await kira.reads('One');
  const button = kira.connection.getByRole('button', { name: 'Connection' });
  await button.focus();
  await kira.page.keyboard.press('Enter');
  await expect(panel(kira)).toBeVisible();
  await expect(radio(kira, 'Automatic')).toBeChecked();
  await expect(fact(kira, 'In use')).toHaveText('WebSocket: the first choice');
  await expect(fact(kira, 'Round trip')).toHaveText(/^\d+ ms$/);
  await expect(fact(kira, 'Received')).toHaveText(/^[1-9]\d* messages, [1-9]\d* bytes$/);
  await expect(fact(kira, 'Sent')).toHaveText(/^[1-9]\d* messages, [1-9]\d* bytes$/);
  await expect(fact(kira, 'Reconnects')).toHaveText('0');
  await expect(fact(kira, 'Position')).toHaveText('Lobby: 1');

  await radio(kira, 'Automatic').focus();
  await kira.page.keyboard.press('ArrowDown');
  await kira.page.keyboard.press('ArrowDown');
  await expect(kira.connection).toHaveAttribute('data-transport', 'longpoll');
  await expect(fact(kira, 'In use')).toHaveText('Long polling: chosen by hand');
  await expect(fact(kira, 'Reconnects')).not.toHaveText('0');
  await kira.page.keyboard.press('Escape');
  await expect(panel(kira)).toBeHidden();
  await expect(button).toBeFocused();
});

for (const [transport, name] of RUNGS) {
  test(`by ${transport}, chosen by hand, people read each other and see who is typing and present`, async ({ join }) => {
    const kira = await join('Kira');
    const ben = await join('Ben');
    await chooses(kira, transport, name);

    await ben.types('Hi Kira!');
    await expect(kira.page.getByText('Ben is typing')).toBeVisible();
    await ben.composer.press('Enter');
    await kira.reads('Hi Kira!');
    await kira.says('Hi Ben!');
    await kira.reads('Hi Ben!');
    await ben.reads('Hi Ben!');
    await kira.creates('Tea');
    await expect(kira.connection).toHaveAttribute('data-transport', name);
    await ben.goesTo('Tea');
    await ben.says('Milk?');
    await kira.reads('Milk?');
    await expect(kira.people).toContainText('Ben');
  });
}

test('a chosen transport is kept after a reload, and "Automatic" starts with WebSocket again', async ({ join }) => {
  const kira = await join('Kira');
  await chooses(kira, 'Polling', 'poll');
  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(kira.connection).toHaveAttribute('data-transport', 'poll');
  await chooses(kira, 'Automatic', 'websocket');
  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(kira.connection).toHaveAttribute('data-transport', 'websocket');
});

test('a tab that the server forgot while the page was suspended reconnects at once', async ({ join }) => {
  const kira = await join('Kira');
  kira.allowErrors('the browser notes the refusal', /status of 400/);
  const ben = await join('Ben');
  await kira.page.clock.install();
  await chooses(kira, 'Polling', 'poll');
  await kira.page.reload();
  await expect(kira.connection).toHaveAttribute('data-state', 'connected');
  await kira.page.route(
    (url) => url.pathname === '/ask' && !url.searchParams.has('open'),
    (route) => route.fulfill({ status: 400, body: '{"error":{"refusal":"hello_expected"}}\n' }),
    { times: 1 },
  );
  const opens = kira.page.waitForRequest((request) => new URL(request.url()).searchParams.has('open'));
  // The page polls while the clock advances. Afterwards no timer fires, so a page that waited for one would never reconnect.
  await kira.page.clock.pauseAt(Date.now() + 20_000);
  await opens;
  await kira.page.clock.resume();
  await ben.says('Slept well?');
  await kira.reads('Slept well?');
  await kira.says('Yes');
  await ben.reads('Yes');
  await expect(kira.connection).toHaveAttribute('data-transport', 'poll');
});

for (const [what, passes, transport] of [
  ['opens but delivers nothing is not used', false, 'longpoll'],
  ['works again is used again', true, 'websocket'],
] as const) {
  test(`a WebSocket that ${what}`, async ({ join }) => {
    const kira = await join('Kira');
    const ben = await join('Ben');
    let isRefused = true;
    let nProbes = 0;
    await kira.page.routeWebSocket('/ws', (socket) => {
      if (isRefused) return void socket.close();
      const onward = passes ? socket.connectToServer() : undefined;
      socket.onMessage((said) => {
        nProbes += 1;
        onward?.send(said);
      });
    });
    await kira.page.clock.install();
    const waits = kira.page.waitForRequest((request) => /ask(?!.*open)/.test(request.url()));
    await kira.page.reload();
    await waits;
    await expect(kira.connection).toHaveAttribute('data-transport', 'longpoll');

    isRefused = false;
    await kira.page.clock.runFor(31_000);
    await kira.page.clock.resume();
    await expect.poll(() => nProbes, { message: 'a WebSocket is tried' }).toBeGreaterThan(0);
    await ben.says('Still there?');
    await kira.reads('Still there?');
    await expect(kira.connection).toHaveAttribute('data-transport', transport);
    await kira.says('Yes');
    await ben.reads('Yes');
  });
}

for (const [transport, name] of RUNGS) {
  test(`the panel shows the round trip of ${transport}`, async ({ server, join }) => {
    const network = await Proxy.before(server.url);
    const kira = await join('Kira', { baseURL: network.url });
    await chooses(kira, transport, name);
    network.behave('adds 300 ms');
    await kira.connection.getByRole('button', { name: 'Connection' }).click();
    await expect.poll(async () => parseInt(await fact(kira, 'Round trip').innerText(), 10)).toBeGreaterThanOrEqual(300);
    await network.close();
    kira.allowErrors('the network is gone', /net::ERR|WebSocket/);
  });
}

test('by polling, a room that is opened is displayed without waiting for the next poll', async ({ join }) => {
  const ben = await join('Ben');
  await ben.creates('Tea');
  await ben.says('Milk?');
  await ben.reads('Milk?');
  const kira = await join('Kira');
  await chooses(kira, 'Polling', 'poll');
  await kira.page.clock.install();
  await kira.page.reload();
  await expect(kira.connection).toHaveAttribute('data-state', 'connected');
  await kira.page.clock.pauseAt(Date.now() + 60_000);
  // The clock advances until a poll is answered, so that the next poll is almost 5 s away.
  let isAnswered = false;
  kira.page.on('requestfinished', (request) => {
    isAnswered ||= /ask(?!.*open)/.test(request.url());
  });
  await expect.poll(async () => {
    await kira.page.clock.runFor(100);
    return isAnswered;
  }, { intervals: [20] }).toBe(true);
  // From here on, less than 5 s pass.
  await kira.goesTo('Tea');
  await expect.poll(async () => {
    await kira.page.clock.runFor(10);
    return kira.bodies();
  }, { intervals: [50] }).toEqual(['Milk?']);
});

test('a request without a response times out, and another request delivers its messages', async ({ join }) => {
  const ben = await join('Ben');
  const kira = await join('Kira');
  await chooses(kira, 'Long polling', 'longpoll');
  // The request timeout of 75 s passes in 1.5 s.
  await kira.page.addInitScript(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => timeout(ms / 50);
  });
  let nSwallowed = 0;
  await kira.page.route(/ask(?!.*open)/, () => { nSwallowed += 1; }, { times: 1 });
  await kira.page.reload();
  await expect.poll(() => nSwallowed).toBe(1);
  await ben.says('Hi Kira!');
  await kira.reads('Hi Kira!');
  await kira.says('Hi Ben!');
  await ben.reads('Hi Ben!');
});

test('people who change transports while they talk see the same log', async ({ join }) => {
  const people = [await join('Kira'), await join('Ben'), await join('Aiko')];
  const said: string[] = [];
  for (const shift of [0, 1, 2]) {
    for (const [i, person] of people.entries()) {
      const [transport, name] = RUNGS[(i + shift) % RUNGS.length] ?? RUNGS[0];
      await chooses(person, transport, name);
      // Not awaited, so that the next change of transports happens while the message is being sent.
      await person.says(`${person.name} ${shift}`);
      said.push(`${person.name} ${shift}`);
    }
  }
  for (const person of people) for (const body of said) await person.reads(body);
  const logs = await Promise.all(people.map((person) => person.log()));
  expect(logs[0]).toHaveLength(said.length);
  expect(logs[1]).toEqual(logs[0]);
  expect(logs[2]).toEqual(logs[0]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the panel, which fits a phone: ${colorScheme}`, async ({ join }) => {
    const kira = await join('Kira', { colorScheme, reducedMotion: 'reduce', viewport: { width: 320, height: 568 } });
    await kira.connection.getByRole('button', { name: 'Connection' }).click();
    await expect(fact(kira, 'Round trip')).toHaveText(/ms/);
    await expectAccessible(kira, 'the panel');
    const overflow = await panel(kira).evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
