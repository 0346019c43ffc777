import { expect, test } from '../support/test';
import { fill } from '../support/writer';

const NO_SCRIPT = { javaScriptEnabled: false };
const REFUSED = ['the refused form is answered with an error status', /Failed to load resource/] as const;

test('without script one joins, reads, posts by the form and leaves', async ({ visit, join }) => {
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
  await kira.page.reload();
  await kira.reads('Once');
});

test('without script, the rooms are links', async ({ join, visit }) => {
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

  test('without script, a message that comes too soon is refused and its text is kept', async ({ visit }) => {
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

  test('the first paint has the newest page of messages', async ({ server, visit }) => {
    await fill(server.url, 120);
    const kira = await visit('Kira', NO_SCRIPT);
    await kira.open('/');
    await kira.joins();
    const shown = (await kira.log()).map(({ seq, body }) => [seq, body]);
    expect(shown).toEqual(Array.from({ length: 50 }, (_, i) => [71 + i, `Message ${71 + i}`]));
  });
});
