import type { Person } from '../support/person';
import { Scroller } from '../support/scroller';
import { expect, test } from '../support/test';
import { fill, Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

/** Returns how far the message is below the upper edge of the window, in CSS pixels. */
async function top(person: Person, body: string): Promise<number> {
  const box = await person.message(body).boundingBox();
  if (!box) throw new Error(`${body} is not displayed`);
  return Math.round(box.y);
}

test('each room is shown at the place at which it was left', async ({ server, join }) => {
  await fill(server.url, 60);
  const kira = await join('Kira');
  await kira.creates('Tea');
  await kira.goesTo('Lobby');
  await expect(kira.message('Message 60')).toBeInViewport();

  await kira.message('Message 20').scrollIntoViewIfNeeded();
  await expect(kira.pill).toHaveText('Jump to latest ↓');
  const before = await top(kira, 'Message 20');
  await kira.goesTo('Tea');
  await expect(kira.pill).toBeHidden();
  const ben = await Writer.join(server.url, 'Ben');
  for (const body of ['One', 'Two', 'Three']) await ben.says(body);
  await expect(kira.room('Lobby')).toContainText('unread');

  await kira.goesTo('Lobby');
  await expect(kira.message('Message 20')).toBeInViewport();
  await expect.poll(() => top(kira, 'Message 20')).toBe(before);
  await expect(kira.pill).toHaveText('3 new messages ↓');
  await kira.pill.click();
  await expect(kira.message('Three')).toBeInViewport();
  await expect(kira.pill).toBeHidden();

  await kira.goesTo('Tea');
  await ben.says('Four');
  await expect(kira.room('Lobby')).toContainText('unread');
  await kira.goesTo('Lobby');
  await expect(kira.message('Four'), 'a room that was left at its end is shown at its end').toBeInViewport();
});

test('the button to the newest message is shown away from the end, and counts the messages of others', async ({ server, join }) => {
  await fill(server.url, 60);
  const kira = await join('Kira');
  await expect(kira.message('Message 60')).toBeInViewport();
  const scroll = (down: number) =>
    kira.page.locator('#timeline').evaluate((scroller, px) => scroller.scrollTo({ top: scroller.scrollHeight - scroller.clientHeight - px }), down);
  await scroll(95);
  await expect(kira.pill).toBeHidden();
  await scroll(110);
  await expect(kira.pill).toHaveText('Jump to latest ↓');

  const ben = await Writer.join(server.url, 'Ben');
  await ben.says('One');
  await expect(kira.pill).toHaveText('1 new message ↓');
  await ben.says('Two');
  await expect(kira.pill).toHaveText('2 new messages ↓');
  await scroll(0);
  await expect(kira.pill).toBeHidden();
  await scroll(300);
  await expect(kira.pill).toHaveText('Jump to latest ↓');
});

test('a jump to the newest message while older ones are loading ends at the newest', async ({ server, join }) => {
  await fill(server.url, 120);
  const kira = await join('Kira');
  await new Scroller(kira.page).toTop();
  await kira.pill.click();
  await expect(kira.message('Message 60')).toBeAttached();
  await expect(kira.message('Message 120')).toBeInViewport();
  await expect(kira.pill).toBeHidden();
});
