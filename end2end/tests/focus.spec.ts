import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';
import { fill } from '../support/writer';

const TOUCH = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true };

test('the composer has the focus on arrival and after a change of rooms, which is announced', async ({ join }) => {
  const kira = await join('Kira');
  await expect(kira.composer).toBeFocused();
  await kira.creates('Tea');
  await expect(kira.composer).toBeFocused();
  await kira.goesTo('Lobby');
  await expect(kira.composer).toBeFocused();
  await expect(kira.page.getByRole('status').filter({ hasText: 'Now in Lobby' })).toBeAttached();
  await kira.page.goBack();
  await kira.isIn('Tea');
  await expect(kira.composer).toBeFocused();
  await expect(kira.page.getByRole('status').filter({ hasText: 'Now in Tea' })).toBeAttached();
});

test('a letter that is typed anywhere goes into the composer, and a shortcut does not', async ({ join }) => {
  const kira = await join('Kira');
  const blur = () => kira.page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await blur();
  await kira.page.keyboard.type('Hello');
  await expect(kira.composer).toHaveValue('Hello');

  await kira.newRoom.focus();
  await kira.page.keyboard.press('Control+c');
  await expect(kira.newRoom).toBeFocused();
  await kira.page.keyboard.type('!');
  await expect(kira.composer).toHaveValue('Hello!');

  await kira.newRoom.click();
  await kira.page.keyboard.type('Tea');
  await expect(kira.dialog.getByRole('textbox', { name: 'Room name' })).toHaveValue('Tea');
  await expect(kira.composer).toHaveValue('Hello!');
});

test('the skip link leads to the composer', async ({ join }) => {
  const kira = await join('Kira');
  const skip = kira.page.getByRole('link', { name: /^Skip/ });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await kira.page.keyboard.press('Enter');
  await expect(kira.composer).toBeFocused();
});

test('on a touch screen, the composer takes no focus, Enter makes a new line, and the button sends', async ({ join }) => {
  const kira = await join('Kira', TOUCH);
  await expect(kira.composer).not.toBeFocused();
  await expect(kira.composer).toHaveAttribute('enterkeyhint', 'enter');
  await kira.composer.tap();
  await kira.types('One');
  await kira.composer.press('Enter');
  await kira.types('Two');
  await expect(kira.composer).toHaveValue('One\nTwo');
  await kira.send.tap();
  await kira.reads('One\nTwo');
});

test('a drawer is a dialog: it holds the focus, and Escape returns it', async ({ join }) => {
  const kira = await join('Kira', { viewport: TOUCH.viewport });
  const button = kira.page.getByRole('button', { name: 'Rooms' });
  await tabTo(button);
  await kira.page.keyboard.press('Enter');
  const drawer = kira.page.getByRole('dialog', { name: 'Rooms' });
  await expect(drawer).toBeVisible();
  await expect(kira.room('Lobby')).toBeFocused();
  for (let n = 0; n < 14; n += 1) {
    await kira.page.keyboard.press('Tab');
    // Between the last and the first control, the focus is on the browser's own buttons, and the active element is the body.
    expect(await drawer.evaluate((inside) => document.activeElement === document.body || inside.contains(document.activeElement))).toBe(true);
  }
  await kira.page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(button).toBeFocused();

  await kira.page.getByRole('button', { name: 'People' }).click();
  await expect(kira.page.getByRole('dialog', { name: 'People' }).getByRole('button', { name: 'Close' })).toBeFocused();
  await kira.page.keyboard.press('Enter');
  await expect(kira.people).toBeHidden();
  await expect(kira.page.getByRole('button', { name: 'People' })).toBeFocused();
});

test("the browser's Back closes a drawer, and a room that is chosen in one is one step of the history", async ({ join }) => {
  const kira = await join('Kira', TOUCH);
  const menu = kira.page.getByRole('button', { name: 'Rooms' });
  await menu.tap();
  await kira.creates('Tea');
  await menu.tap();
  await expect(kira.rooms).toBeVisible();
  await kira.page.goBack();
  await expect(kira.rooms).toBeHidden();
  await expect(kira.heading).toHaveText('Tea');

  await menu.tap();
  await kira.goesTo('Lobby');
  await expect(kira.rooms).toBeHidden();
  await kira.page.goBack();
  await expect(kira.heading).toHaveText('Tea');
  await expect(kira.rooms).toBeHidden();
});

test('a swipe from the edge opens a drawer, and a swipe back closes it', async ({ join }) => {
  const kira = await join('Kira', TOUCH);
  const devtools = await kira.context.newCDPSession(kira.page);
  const swipe = async (from: number, to: number) => {
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: from, y: 300 }] });
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: to, y: 305 }] });
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await swipe(5, 150);
  await expect(kira.rooms).toBeVisible();
  await swipe(250, 100);
  await expect(kira.rooms).toBeHidden();
  await swipe(370, 220);
  await expect(kira.people).toBeVisible();
  await swipe(100, 250);
  await expect(kira.people).toBeHidden();
  await swipe(150, 300);
  await expect(kira.rooms).toBeHidden();
});

test('at 400 % zoom, the log keeps half of the height', async ({ server, visit }) => {
  await fill(server.url, 20);
  const kira = await visit('Kira', { viewport: { width: 320, height: 256 } });
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');
  const height = await kira.page.locator('#timeline').evaluate((log) => log.clientHeight);
  expect(height).toBeGreaterThanOrEqual(128);
  await expect(kira.composer).toBeInViewport({ ratio: 1 });
  await expect(kira.send).toBeInViewport({ ratio: 1 });
});
