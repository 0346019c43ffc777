import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';

test('joining, talking, creating a room, going back and leaving work with the keyboard alone', async ({ visit, join }) => {
  const ben = await join('Ben');
  const kira = await visit('Kira');
  const { keyboard } = kira.page;
  await kira.open('/');

  await tabTo(kira.yourName);
  await keyboard.type('Kira');
  await keyboard.press('Enter');
  await kira.isIn('Lobby');

  await tabTo(kira.composer);
  await keyboard.type('Look, no mouse');
  await keyboard.press('Enter');
  await ben.reads('Look, no mouse');

  await tabTo(kira.newRoom);
  await keyboard.press('Enter');
  await expect(kira.dialog).toBeVisible();
  await tabTo(kira.dialog.getByRole('textbox', { name: 'Room name' }));
  await keyboard.type('Tea');
  await tabTo(kira.dialog.getByRole('textbox', { name: 'Topic' }));
  await keyboard.type('And biscuits');
  await keyboard.press('Enter');
  await kira.isIn('Tea');

  await tabTo(kira.room('Lobby'));
  await keyboard.press('Enter');
  await kira.isIn('Lobby');

  await tabTo(kira.leave);
  await keyboard.press('Enter');
  await expect(kira.yourName).toBeVisible();
});

test('Escape closes the dialog, creates no room and returns the focus', async ({ join }) => {
  const kira = await join('Kira');
  await tabTo(kira.newRoom);
  await kira.page.keyboard.press('Enter');
  await expect(kira.dialog.getByRole('textbox', { name: 'Room name' })).toBeFocused();
  await kira.page.keyboard.type('Tea');
  await kira.page.keyboard.press('Escape');
  await expect(kira.dialog).toBeHidden();
  await expect(kira.newRoom).toBeFocused();
  await expect(kira.room('Tea')).toHaveCount(0);
});

test('the focus stays inside the open dialog', async ({ join }) => {
  const kira = await join('Kira');
  await kira.newRoom.click();
  for (let n = 0; n < 12; n += 1) {
    await kira.page.keyboard.press('Tab');
    // Between the last and the first control, the focus is on the browser's own buttons, and the active element is the body.
    expect(await kira.page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog'))).toBe(true);
  }
});

test('the log can be scrolled with the keyboard', async ({ join }) => {
  const kira = await join('Kira', { viewport: { width: 900, height: 420 } });
  for (let n = 1; n <= 12; n += 1) await kira.says(`Line ${n}\nand more\nand more`);
  await kira.reads('Line 12\nand more\nand more');
  await expect(kira.messages.first()).not.toBeInViewport();
  const log = kira.page.getByRole('log', { name: 'Messages' });
  for (let n = 0; n < 60; n += 1) {
    await kira.page.keyboard.press('Tab');
    const holdsLog = await log.evaluate((element) => document.activeElement !== document.body && !!document.activeElement?.contains(element));
    if (holdsLog) break;
  }
  await kira.page.keyboard.press('Home');
  await expect(kira.messages.first()).toBeInViewport();
});
