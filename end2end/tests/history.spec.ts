import { Scroller } from '../support/scroller';
import { expect, test } from '../support/test';
import { fill, Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

test('a room opens at its newest message with one page of messages', async ({ server, join }) => {
  await fill(server.url, 230);
  const kira = await join('Kira');
  await expect(kira.message('Message 230')).toBeInViewport();
  const log = await kira.log();
  expect(log.at(-1)?.seq).toBe(230);
  expect(log.length).toBeGreaterThanOrEqual(50);
  expect(log.length).toBeLessThan(230);
});

test('scrolling up loads older pages up to the first message, and the visible message does not move', async ({ server, join }) => {
  await fill(server.url, 230);
  const kira = await join('Kira');
  const scroller = new Scroller(kira.page);

  for (let oldest = 181; oldest > 1; ) {
    const step = await scroller.readOlder();
    expect(step.oldest, 'older messages were loaded').toBeLessThan(oldest);
    expect(step.displaced, `pixels that the page jumped by when it loaded back to ${step.oldest}`).toBeLessThanOrEqual(2);
    oldest = step.oldest;
  }

  await scroller.toTop();
  await expect(kira.page.getByText('This is the beginning of Lobby.')).toBeInViewport();
  await expect(kira.message('Message 1')).toBeInViewport();
  const bodies = (await kira.log()).map(({ seq, body }) => [seq, body]);
  expect(bodies).toEqual(Array.from({ length: 230 }, (_, i) => [i + 1, `Message ${i + 1}`]));
});

test('while the log is scrolled up, a button leads to the new messages', async ({ server, join }) => {
  await fill(server.url, 100);
  const kira = await join('Kira');
  const ben = await Writer.join(server.url, 'Ben');
  await expect(kira.pill).toBeHidden();

  await new Scroller(kira.page).readOlder();
  await ben.says('Anyone there?');
  await expect(kira.pill).toBeVisible();
  await expect(kira.message('Anyone there?')).not.toBeInViewport();

  await kira.pill.click();
  await expect(kira.message('Anyone there?')).toBeInViewport();
  await expect(kira.pill).toBeHidden();
});

test('at the end of the log, new messages scroll into view', async ({ server, join }) => {
  await fill(server.url, 60);
  const kira = await join('Kira');
  await expect(kira.message('Message 60')).toBeInViewport();
  const ben = await Writer.join(server.url, 'Ben');
  for (let n = 1; n <= 10; n += 1) await ben.says(`Line ${n}\nand its second\nand its third`);
  await kira.reads('Line 10\nand its second\nand its third');
  await expect(kira.messages.last()).toBeInViewport();
  await expect(kira.pill).toBeHidden();
});

test('a message sent while scrolled up scrolls into view', async ({ server, join }) => {
  await fill(server.url, 100);
  const kira = await join('Kira');
  await new Scroller(kira.page).toTop();
  await kira.says('I am back');
  await expect(kira.message('I am back')).toBeInViewport();
});
