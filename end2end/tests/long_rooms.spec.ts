// Rooms with more messages than a page holds at once.
import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { Reader } from '../support/reader';
import { fill, Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0, 'changes-per-minute': 0, 'reads-per-minute': 0 } });

/** The most messages that the page has at once. */
const MOST_DRAWN = 501;
const N_MESSAGES = 1_500;

async function joinsLongRoom(url: string, join: (name: string) => Promise<Person>): Promise<Person> {
  await fill(url, N_MESSAGES);
  const kira = await join('Kira');
  await expect(kira.message(`Message ${N_MESSAGES}`)).toBeInViewport();
  return kira;
}

test('a long room that is read to its beginning and back shows each message once and in order, with a bounded page', async ({ server, join }) => {
  test.setTimeout(180_000);
  const kira = await joinsLongRoom(server.url, join);
  const reader = new Reader(kira.page);
  const all = Array.from({ length: N_MESSAGES }, (_, i) => i + 1);

  const up = await reader.readsTo('beginning');
  expect(up.seen).toEqual([...all].reverse());
  expect(up.mostDrawn).toBeLessThanOrEqual(MOST_DRAWN);
  expect(up.largestJump, 'pixels that a message jumped by while the reader scrolled up').toBeLessThanOrEqual(2);
  await expect(kira.page.getByText('This is the beginning of Lobby.')).toBeInViewport();

  const down = await reader.readsTo('end');
  expect(down.seen).toEqual(all);
  expect(down.mostDrawn).toBeLessThanOrEqual(MOST_DRAWN);
  expect(down.largestJump, 'pixels that a message jumped by while the reader scrolled down').toBeLessThanOrEqual(2);
  await expect(kira.pill).toBeHidden();
  test.info().annotations.push({ type: 'frames', description: `up ${up.longestFrameMs} ms, down ${down.longestFrameMs} ms at most` });
});

test('far from the end, new messages change the count alone, and the button leads to them', async ({ server, join }) => {
  test.setTimeout(120_000);
  const kira = await joinsLongRoom(server.url, join);
  const reader = new Reader(kira.page);
  await reader.readsTo('beginning');
  const before = await kira.log();
  const ben = await Writer.join(server.url, 'Ben');
  await ben.says('One');
  await ben.says('Two');
  await expect(kira.pill).toHaveText('2 new messages ↓');
  expect(await kira.log()).toEqual(before);

  await kira.pill.click();
  await expect(kira.message('Two')).toBeInViewport();
  await expect(kira.pill).toBeHidden();
  await ben.says('Three');
  await expect(kira.message('Three')).toBeInViewport();
  expect(await kira.messages.count()).toBeLessThanOrEqual(MOST_DRAWN);
});

test('a message that is sent far from the end is displayed, and a permalink leads back', async ({ server, join }) => {
  test.setTimeout(120_000);
  const kira = await joinsLongRoom(server.url, join);
  await new Reader(kira.page).readsTo('beginning');
  const first = (await kira.message('Message 1').getAttribute('id'))?.slice('m-'.length) ?? '';
  await kira.says('Back at the end');
  await expect(kira.message('Back at the end')).toBeInViewport();
  await expect(kira.message('Message 1')).not.toBeAttached();

  await kira.page.evaluate((id) => {
    history.pushState(null, '', `?at=${id}`);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, first);
  await expect(kira.message('Message 1')).toBeInViewport();
  expect(await kira.messages.count()).toBeLessThanOrEqual(MOST_DRAWN);
  await kira.page.reload();
  await expect(kira.message('Message 1')).toBeInViewport();
});

test('the message that is read does not move when one above it becomes longer or shorter', async ({ server, join }) => {
  const ben = await join('Ben');
  await ben.says('A short text');
  await ben.reads('A short text');
  await fill(server.url, 60);
  const kira = await join('Kira');
  await expect(kira.message('Message 60')).toBeInViewport();
  const place = async () => (await kira.message('Message 30').boundingBox())?.y ?? NaN;
  await kira.message('Message 30').evaluate((message) => message.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await expect(kira.pill).toBeVisible();
  const before = await place();
  const heightBefore = await kira.page.locator('#timeline').evaluate((timeline) => timeline.scrollHeight);

  const long = Array.from({ length: 12 }, (_, i) => `Line ${i}`).join('\n');
  await ben.message('A short text').scrollIntoViewIfNeeded();
  for (const [from, to] of [['A short text', long], [long, 'A short text']] as const) {
    await ben.acts(from, 'Edit');
    await ben.page.getByRole('textbox', { name: 'Edit message' }).fill(to);
    await ben.page.getByRole('textbox', { name: 'Edit message' }).press('Enter');
    await kira.reads(to);
    await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
    const height = await kira.page.locator('#timeline').evaluate((timeline) => timeline.scrollHeight);
    if (to === long) expect(height).toBeGreaterThan(heightBefore + 100);
  }
});

test('a text that is being edited is kept while the reader is far away', async ({ server, join }) => {
  test.setTimeout(120_000);
  await fill(server.url, N_MESSAGES);
  const kira = await join('Kira');
  await kira.says('Draught');
  await kira.reads('Draught');
  await kira.acts('Draught', 'Edit');
  const form = kira.page.getByRole('textbox', { name: 'Edit message' });
  await form.fill('Draft');
  const reader = new Reader(kira.page);
  await reader.readsTo('beginning');
  await expect(form).not.toBeAttached();
  await reader.readsTo('end');
  await expect(form).toHaveValue('Draft');
  await form.press('Enter');
  await kira.reads('Draft');
});
