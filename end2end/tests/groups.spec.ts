// Messages of one author that follow each other, and what moves when messages come.
import type { Person } from '../support/person';
import { Scroller } from '../support/scroller';
import { expect, test } from '../support/test';
import { fill, Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

/** Returns the line that shows the author of the messages at the upper edge. */
function authorAbove(person: Person) {
  return person.page.locator('.timeline-author');
}

test('a long group shows its author and time again after ten messages', async ({ server, join }) => {
  await fill(server.url, 24);
  const kira = await join('Kira');
  await expect(kira.message('Message 24')).toBeInViewport();
  const heads = await kira.messages.evaluateAll((articles) =>
    articles.flatMap((article, i) => (article.querySelector('.message-author') ? [i + 1] : [])),
  );
  expect(heads).toEqual([1, 12, 23]);
});

test('while a group scrolls, its author stays in view, below the toolbar', async ({ server, join }) => {
  await fill(server.url, 40);
  const ben = await Writer.join(server.url, 'Ben');
  for (let n = 1; n <= 40; n += 1) await ben.says(`Tale ${n}`);
  const kira = await join('Kira');
  await new Scroller(kira.page).readOlder();
  const scrollTo = (body: string) =>
    kira.message(body).evaluate((message) => message.scrollIntoView({ block: 'start', behavior: 'instant' }));

  await scrollTo('Tale 6');
  await expect(authorAbove(kira)).toHaveText('Ben');
  await expect(authorAbove(kira)).toBeInViewport();
  await scrollTo('Message 36');
  await expect(authorAbove(kira)).toHaveText('Scribe');
  await scrollTo('Tale 1');
  await expect(authorAbove(kira)).toHaveText('');

  await scrollTo('Tale 6');
  await kira.message('Tale 7').hover();
  const copy = kira.page.getByRole('toolbar', { name: 'Message actions' }).getByRole('button', { name: 'Copy text' });
  await copy.click({ trial: true });
});

test('on a touch screen, a press on a message shows its time', async ({ server, join }) => {
  await fill(server.url, 3);
  const kira = await join('Kira', { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true });
  const time = kira.message('Message 3').locator('time');
  await expect(time).toHaveCSS('opacity', '0');
  await kira.message('Message 3').tap();
  await expect(time).toHaveCSS('opacity', '1');
});

/** Notes each transition of a message from now on: its property and its duration in ms. */
async function watchMotion(person: Person): Promise<() => Promise<string[]>> {
  await person.page.evaluate(() => {
    const motions: string[] = [];
    Object.assign(window, { motions });
    document.addEventListener('transitionrun', ({ target, propertyName }) => {
      if (!(target instanceof HTMLElement) || !target.closest('article')) return;
      const style = getComputedStyle(target);
      const durations = style.transitionDuration.split(', ');
      const place = style.transitionProperty.split(', ').indexOf(propertyName);
      motions.push(`${propertyName} ${Math.round(parseFloat(durations[place % durations.length] ?? '') * 1000)}`);
    });
  });
  return () => person.page.evaluate(() => [...new Set((window as unknown as { motions: string[] }).motions)].sort());
}

test('a new message comes in within 120 ms, a confirmed one turns dark within 160 ms, and another room fades in within 80 ms', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('One');
  await kira.reads('One');
  const come = await watchMotion(kira);
  await ben.says('Two');
  await expect.poll(come).toEqual(['opacity 120', 'translate 120']);

  const turn = await watchMotion(kira);
  await kira.says('Three');
  await kira.reads('Three');
  await expect.poll(turn).toEqual(['color 160', 'opacity 120', 'translate 120']);

  await kira.creates('Tea');
  const enter = await watchMotion(kira);
  await kira.goesTo('Lobby');
  await expect.poll(enter).toEqual(['opacity 80']);
});

test('history that is loaded does not move', async ({ server, join }) => {
  await fill(server.url, 120);
  const kira = await join('Kira');
  await expect(kira.message('Message 120')).toBeInViewport();
  const motions = await watchMotion(kira);
  const { displaced } = await new Scroller(kira.page).readOlder();
  expect(displaced).toBeLessThanOrEqual(2);
  expect(await motions()).toEqual([]);
});

test('nothing moves with reduced motion', async ({ join }) => {
  const kira = await join('Kira', { reducedMotion: 'reduce' });
  const ben = await join('Ben');
  const motions = await watchMotion(kira);
  await ben.says('One');
  await kira.reads('One');
  await kira.says('Two');
  await kira.reads('Two');
  await ben.reads('Two');
  expect(await motions()).toEqual([]);
});
