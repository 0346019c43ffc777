import type { Person } from '../support/person';
import { expect, test } from '../support/test';

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };

test('on a phone, nothing is wider than the screen', async ({ visit, join }) => {
  const ben = await join('Benjamin Franklin the Very Long-Winded');
  await ben.creates('A room with quite a long name that goes on', 'And a topic that is longer still, so that it can not fit in one line');
  await ben.says(`https://example.org/${'a'.repeat(300)}`);
  await ben.says(`${'W'.repeat(200)} words`);

  const kira = await visit('Kira', PHONE);
  kira.allowErrors('the browser notes the 404', /status of 404/);
  await kira.open('/');
  await fits(kira, 'the front page');
  await kira.open('/no/such/page');
  await fits(kira, '404');
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');
  await fits(kira, 'an empty room');

  await kira.open(new URL(ben.page.url()).pathname);
  await expect(kira.messages).toHaveCount(2);
  await fits(kira, 'a room with long words');
  await kira.page.getByRole('button', { name: 'Rooms' }).click();
  await kira.newRoom.click();
  await expect(kira.dialog).toBeInViewport({ ratio: 1 });
  await fits(kira, 'the dialog');
});

test('on a phone, rooms and people are in drawers that open and close', async ({ join }) => {
  const ben = await join('Ben');
  await ben.creates('Tea');
  await ben.goesTo('Lobby');
  const kira = await join('Kira', PHONE);
  await expect(kira.rooms).toBeHidden();
  await expect(kira.people).toBeHidden();

  await kira.page.getByRole('button', { name: 'Rooms' }).click();
  await expect(kira.rooms).toBeVisible();
  await kira.page.keyboard.press('Escape');
  await expect(kira.rooms).toBeHidden();

  await kira.page.getByRole('button', { name: 'People' }).click();
  await expect(kira.people.getByText('Ben', { exact: true })).toBeVisible();
  await kira.page.keyboard.press('Escape');
  await expect(kira.people).toBeHidden();

  await kira.page.getByRole('button', { name: 'Rooms' }).click();
  await kira.goesTo('Tea');
  await expect(kira.rooms).toBeHidden();
  await expect(kira.composer).toBeInViewport();
});

test('on a phone, the composer and the newest message are in view', async ({ join }) => {
  const ben = await join('Ben');
  for (let n = 1; n <= 20; n += 1) await ben.says(`Message ${n}`);
  await ben.reads('Message 20');
  const kira = await join('Kira', PHONE);
  await expect(kira.message('Message 20')).toBeInViewport();
  await expect(kira.composer).toBeInViewport({ ratio: 1 });
  await expect(kira.send).toBeInViewport({ ratio: 1 });
});

async function fits(person: Person, what: string): Promise<void> {
  const width = await person.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, what).toBeLessThanOrEqual(PHONE.viewport.width);
}
