import { expectAccessible, showAsWithoutScript } from '../support/accessible';
import { expect, test } from '../support/test';
import { arrives, logFrame, NO_SCRIPT, sends, UNFINISHED } from '../support/without_script';
import { fill } from '../support/writer';

const REFUSED = ['the refused form is answered with an error status', /Failed to load resource/] as const;

test('without script, a person joins, reads, posts by the form and leaves', async ({ visit, join }) => {
  const ben = await join('Ben');
  await ben.says('Hi humans!');
  await ben.reads('Hi humans!');

  const kira = await visit('Kira', NO_SCRIPT);
  await kira.open('/');
  await kira.joins();
  await expect(kira.page).toHaveURL('/rooms/lobby');
  await kira.reads('Hi humans!');

  await kira.composer.fill('No script here\nand two lines');
  await kira.send.click();
  await kira.reads('No script here\nand two lines');
  await expect(kira.composer).toHaveValue('');
  await ben.reads('No script here\nand two lines');

  await kira.leave.click();
  await expect(kira.yourName).toBeVisible();
});

test('without script, reloading the page after a post does not post again', async ({ visit }) => {
  const kira = await visit('Kira', NO_SCRIPT);
  await kira.open('/');
  await kira.joins();
  await kira.composer.fill('Once');
  await kira.send.click();
  await kira.reads('Once');
  await kira.page.reload(UNFINISHED);
  await kira.reads('Once');
});

test('without script, rooms are opened by links', async ({ join, visit }) => {
  const ben = await join('Ben');
  await ben.creates('Tea');
  const kira = await visit('Kira', NO_SCRIPT);
  await kira.open('/');
  await kira.joins();
  await kira.goesTo('Tea');
  await expect(kira.page).toHaveURL('/rooms/tea');
});

for (const [what, body, reason] of [
  ['of 4,001 characters', 'x'.repeat(4_001), '4000 characters are the most'],
  ['with a control character', 'bell\u0007', "can't be shown"],
] as const) {
  test(`without script, a message ${what} is refused and its text is kept`, async ({ visit }) => {
    const kira = await visit('Kira', NO_SCRIPT);
    kira.allowErrors(...REFUSED);
    await kira.open('/');
    await kira.joins();
    await kira.composer.fill(body);
    await kira.send.click();
    await expect(kira.alert).toContainText(reason);
    await expect(kira.composer).toHaveValue(body);
    await expect(kira.messages).toHaveCount(0);
  });
}

test.describe('with 1 post a minute', () => {
  test.use({ settings: { 'posts-per-minute': 1 } });

  test('without script, a message above the rate limit is refused and its text is kept', async ({ visit }) => {
    const kira = await visit('Kira', NO_SCRIPT);
    kira.allowErrors(...REFUSED);
    await kira.open('/');
    await kira.joins();
    await kira.composer.fill('First');
    await kira.send.click();
    await kira.reads('First');
    await kira.composer.fill('Too soon');
    await kira.send.click();
    await expect(kira.alert).toContainText('too fast');
    await expect(kira.composer).toHaveValue('Too soon');
    expect(await kira.bodies()).toEqual(['First']);
  });
});

test.describe('in a room with a long history', () => {
  test.use({ settings: { 'posts-per-minute': 0 } });

  test('without script, a room opens with its newest page of messages', async ({ server, visit }) => {
    await fill(server.url, 120);
    const kira = await visit('Kira', NO_SCRIPT);
    await kira.open('/');
    await kira.joins();
    const shown = (await kira.log()).map(({ seq, body }) => [seq, body]);
    expect(shown).toEqual(Array.from({ length: 50 }, (_, i) => [71 + i, `Message ${71 + i}`]));
  });
});

test('without script, three people read new messages at once without reloading', async ({ visit }) => {
  const [kira, ben, ana] = [await arrives(visit, 'Kira'), await arrives(visit, 'Ben'), await arrives(visit, 'Ana')];
  await sends(kira, 'Hi humans!');
  for (const person of [kira, ben, ana]) await expect.poll(() => person.bodies()).toEqual(['Hi humans!']);

  await ana.composer.fill('A thought that I have not');
  const loads = ana.pageLoads;
  await sends(ben, 'Hi Kira <b>!</b>');
  await sends(kira, 'Hi Ben, see https://example.org/tea');
  const said = ['Hi humans!', 'Hi Kira <b>!</b>', 'Hi Ben, see https://example.org/tea'];
  for (const person of [kira, ben, ana]) await expect.poll(() => person.bodies()).toEqual(said);
  expect(ana.pageLoads).toBe(loads);
  await expect(ana.composer).toHaveValue('A thought that I have not');
  await expect(ana.messages.last()).toBeInViewport();
  await ana.composer.pressSequentially(' finished');
  await ana.send.click();
  for (const person of [kira, ben, ana]) await expect.poll(() => person.bodies()).toEqual([...said, 'A thought that I have not finished']);
});

test('a person without script and a person with script read each other and are listed for each other', async ({ visit, join }) => {
  const ben = await join('Ben');
  const kira = await arrives(visit, 'Kira');
  await expect(ben.people.getByText('Kira')).toBeVisible();
  await ben.says('Hi');
  await expect.poll(() => kira.bodies()).toEqual(['Hi']);
  await sends(kira, 'Hi yourself');
  await ben.reads('Hi yourself');
  await expect(ben.page.locator('iframe')).toHaveCount(0);
});

test.describe('in a room with a long history', () => {
  test.use({ settings: { 'posts-per-minute': 0 } });

  test('without script, older messages are read page by page and the unsent text stays', async ({ server, visit }) => {
    await fill(server.url, 120);
    const kira = await arrives(visit, 'Kira');
    await kira.composer.fill('Half typed');
    const frame = logFrame(kira.page);
    const shown = async () => {
      const all = await kira.bodies();
      return [all.length, all[0], all.at(-1)];
    };
    await expect.poll(shown).toEqual([50, 'Message 71', 'Message 120']);
    await expect(kira.messages.last()).toBeInViewport();
    await frame.getByRole('link', { name: 'Older messages' }).click();
    await expect.poll(shown).toEqual([50, 'Message 21', 'Message 70']);
    await frame.getByRole('link', { name: 'Older messages' }).click();
    await expect.poll(shown).toEqual([20, 'Message 1', 'Message 20']);
    await expect(frame.getByText('This is the beginning of Lobby.')).toBeVisible();
    await frame.getByRole('link', { name: 'Newer messages' }).click();
    await expect.poll(shown).toEqual([50, 'Message 21', 'Message 70']);
    await frame.getByRole('link', { name: 'To the newest' }).click();
    await expect.poll(shown).toEqual([50, 'Message 71', 'Message 120']);
    await expect(kira.composer).toHaveValue('Half typed');
  });

  test('without script, new messages do not move a log that is scrolled up', async ({ server, visit }) => {
    await fill(server.url, 50);
    const [kira, ben] = [await arrives(visit, 'Kira'), await arrives(visit, 'Ben')];
    const eye = kira.timeline.getByText('Message 30', { exact: true });
    await eye.scrollIntoViewIfNeeded();
    await kira.page.mouse.move(640, 300);
    const before = await eye.boundingBox();
    await sends(ben, 'News');
    await expect.poll(async () => (await kira.bodies()).at(-1)).toBe('News');
    const after = await eye.boundingBox();
    expect(Math.abs(after!.y - before!.y)).toBeLessThan(1);
  });
});

test('without script, a person creates a room, sees why a name is refused, and leaves', async ({ visit }) => {
  const kira = await arrives(visit, 'Kira');
  kira.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
  await kira.page.getByRole('link', { name: 'New room' }).click();
  const [name, topic] = ['Room name', 'Topic'].map((label) => kira.page.getByRole('textbox', { name: label }));
  await topic!.fill('All about tea');
  await kira.page.getByRole('button', { name: 'Create' }).click();
  await expect(kira.alert).toContainText('Write something first.');
  await expect(topic!).toHaveValue('All about tea');
  await name!.fill('Tea');
  await kira.page.getByRole('button', { name: 'Create' }).click();
  await expect(kira.heading).toHaveText('Tea');
  await sends(kira, 'First');
  await expect.poll(() => kira.bodies()).toEqual(['First']);
  await kira.goesTo('Lobby');
  await expect(kira.timeline).toBeVisible();
  expect(await kira.bodies()).toEqual([]);
  await kira.leave.click();
  await expect(kira.yourName).toBeVisible();
});

test('without script, leaving in one tab is shown in the other', async ({ visit }) => {
  const kira = await arrives(visit, 'Kira');
  const other = await kira.context.newPage();
  await other.goto('/rooms/lobby', UNFINISHED);
  await kira.leave.click();
  await expect(logFrame(other).getByText('You have left.')).toBeVisible();
  await logFrame(other).getByRole('link', { name: 'Back to the start' }).click();
  await expect(other.getByRole('textbox', { name: 'Your name' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  // axe is a script, so it checks the pages of the frame in a browser that runs scripts.
  test(`axe finds nothing in the frame, in a page of older messages or in the page of a new room: ${colorScheme}`, async ({ join }) => {
    const kira = await join('Kira', { colorScheme });
    kira.allowErrors('the theme is set by a script, and the frame refuses every script', /Content Security Policy/);
    kira.allowErrors('a transition between two pages that is skipped is an error without words', /page: $/);
    await kira.says('Hi humans!');
    await kira.says('See https://example.org/tea');
    await kira.reads('See https://example.org/tea');
    for (const path of ['/rooms/lobby/live', '/rooms/lobby/messages?before=2']) {
      await kira.page.goto(path, { waitUntil: 'commit' });
      await kira.reads('Hi humans!');
      await expectAccessible(kira, path);
    }
    await kira.page.goto('/new-room');
    await expectAccessible(kira, 'the page of a new room');
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in a room without script: ${colorScheme}`, async ({ visit, join }) => {
    const kira = await arrives(visit, 'Kira');
    await kira.composer.fill('Hi humans!');
    await kira.send.click();
    await kira.reads('Hi humans!');
    const ben = await join('Ben', { colorScheme });
    await showAsWithoutScript(ben, await kira.page.content());
    await expectAccessible(ben, 'the room without script');
  });
}
