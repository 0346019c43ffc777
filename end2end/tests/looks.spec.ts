import type { Locator } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/test';
import { fill, Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

async function left(element: Locator): Promise<number> {
  return (await element.boundingBox())?.x ?? NaN;
}

async function height(element: Locator): Promise<number> {
  return element.evaluate((node) => node.getBoundingClientRect().height + parseFloat(getComputedStyle(node).marginTop));
}

for (const width of [600, 1280, 1920, 2560]) {
  test(`at ${width} px, head, messages and composer have one left edge, and the composer is as wide as the room`, async ({ join }) => {
    const kira = await join('Kira', { viewport: { width, height: 900 } });
    await kira.says('Hi humans!');
    await kira.reads('Hi humans!');
    const { page } = kira;
    const edge = await left(page.locator('.composer-box'));
    expect(await left(kira.messages.first().locator('.avatar'))).toBe(edge);
    // In a narrow window, the button that opens the rooms is at the edge.
    if (width >= 900) expect(await left(kira.heading)).toBe(edge);
    const [room, box] = [await page.getByRole('main').boundingBox(), await page.locator('.composer-box').boundingBox()];
    expect((box?.width ?? 0) / (room?.width ?? 1)).toBeGreaterThan(0.92);
    expect((room?.width ?? 0) / width, 'the window is used').toBeGreaterThan(0.6);
  });
}

test('a message costs 46 px, a follow-up 24, and less in the compact mode, which is kept', async ({ server, join }) => {
  const kira = await join('Kira', { viewport: { width: 1280, height: 800 } });
  const ben = await Writer.join(server.url, 'Ben');
  await ben.says('One');
  await ben.says('Two');
  await kira.says('Three');
  await kira.reads('Three');
  expect(await height(kira.message('Three'))).toBeGreaterThan(44);
  expect(await height(kira.message('Three'))).toBeLessThan(49);
  expect(Math.round(await height(kira.message('Two')))).toBe(24);

  await kira.page.getByRole('button', { name: 'Compact messages' }).click();
  expect(await height(kira.message('Three'))).toBeLessThan(28);
  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(kira.page.getByRole('button', { name: 'Compact messages' })).toHaveAttribute('aria-pressed', 'true');
  expect(await height(kira.message('Three'))).toBeLessThan(28);
  await expectAccessible(kira, 'compact');
});

test('a message of more than 15 lines is folded until "Show all" is pressed', async ({ join }) => {
  const kira = await join('Kira');
  const short = Array.from({ length: 15 }, (_, n) => `Line ${n + 1}`).join('\n');
  const long = `${short}\nThe last line`;
  await kira.says(short);
  await kira.says(long);
  await kira.reads(long);
  await expect(kira.messages).toHaveCount(2);
  const more = kira.page.getByRole('button', { name: 'Show all' });
  await expect(more).toHaveCount(1);
  const body = kira.message(long).locator('[data-body]');
  const folded = (await body.boundingBox())?.height ?? 0;

  await more.click();
  await expect(kira.page.getByRole('button', { name: 'Show less' })).toHaveAttribute('aria-expanded', 'true');
  expect((await body.boundingBox())?.height).toBeGreaterThan(folded);
  await kira.page.getByRole('button', { name: 'Show less' }).click();
  expect((await body.boundingBox())?.height).toBeCloseTo(folded, 1);
});

test('a message that begins above the screen stays where it is when "Show all" is pressed', async ({ server, join }) => {
  const kira = await join('Kira');
  const long = Array.from({ length: 40 }, (_, n) => `Line ${n + 1}`).join('\n');
  await kira.says(long);
  await kira.reads(long);
  await fill(server.url, 30);
  await kira.reads('Message 30');
  const body = kira.message(long).locator('[data-body]');
  const top = async () => (await body.boundingBox())?.y ?? NaN;
  await kira.message(long).evaluate((message) => {
    message.scrollIntoView({ block: 'start' });
    message.closest('#timeline')?.scrollBy(0, 100);
  });
  await expect(kira.pill).toBeVisible();
  const before = await top();
  await kira.page.getByRole('button', { name: 'Show all' }).click();
  await expect(kira.page.getByRole('button', { name: 'Show less' })).toBeVisible();
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
});

test('a text that is long in a narrow window only is folded there only', async ({ join }) => {
  const kira = await join('Kira', { viewport: { width: 1600, height: 900 } });
  const text = 'Words that go on. '.repeat(50).trim();
  await kira.says(text);
  await kira.reads(text);
  const more = kira.page.getByRole('button', { name: 'Show all' });
  await expect(more).toBeHidden();
  await kira.page.setViewportSize({ width: 320, height: 568 });
  await expect(more).toBeVisible();
  await kira.page.setViewportSize({ width: 1600, height: 900 });
  await expect(more).toBeHidden();
});

test("right-to-left text begins at the right, in a message and in the composer", async ({ join }) => {
  const kira = await join('Kira');
  const text = 'مرحبا';
  await kira.composer.fill(text);
  await expect(kira.composer).toHaveCSS('direction', 'rtl');
  await kira.composer.press('Enter');
  await kira.reads(text);
  const [line, body] = await kira.message(text).locator('[data-body]').evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return [range.getBoundingClientRect(), element.getBoundingClientRect()].map(({ left, right }) => ({ left, right }));
  });
  expect(Math.abs((line?.right ?? 0) - (body?.right ?? 0))).toBeLessThan(2);
  expect((line?.left ?? 0) - (body?.left ?? 0)).toBeGreaterThan(100);
});

test('a message that is pointed at tells its day and time in the language of the reader', async ({ join }) => {
  const kira = await join('Kira', { locale: 'de-DE' });
  await kira.says('Wann war das?');
  await kira.reads('Wann war das?');
  const time = kira.message('Wann war das?').locator('time');
  await expect(time).toHaveText(/^(\d|1\d|2\d):\d\d$/);
  await kira.message('Wann war das?').hover();
  const at = new Date((await time.getAttribute('datetime')) ?? '');
  const weekday = at.toLocaleDateString('de-DE', { weekday: 'long', timeZone: 'Europe/Berlin' });
  await expect(time).toHaveAttribute('title', new RegExp(`^${weekday}.*${at.getFullYear()}`));
});

test('a pending message says so to a screen reader', async ({ join }) => {
  const kira = await join('Kira');
  await kira.context.setOffline(true);
  await kira.says('Later');
  await expect(kira.message('Later').getByText('Sending…')).toBeAttached();
  await expect(kira.message('Later').getByText('Sending…')).not.toHaveCSS('display', 'none');
  await kira.context.setOffline(false);
  await kira.reads('Later');
  await expect(kira.message('Later').getByText('Sending…')).toHaveCSS('display', 'none');
});

test('the counter says how many characters are too many', async ({ join }) => {
  const kira = await join('Kira');
  await kira.composer.fill('x'.repeat(4_100));
  await expect(kira.page.getByText('100 too many')).toBeVisible();
});
