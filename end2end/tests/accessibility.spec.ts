import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/test';
import { Wire } from '../support/wire';
import { Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

for (const colorScheme of ['light', 'dark'] as const) {
  // Reduced motion: axe would otherwise measure colours in the middle of a transition.
  const device = { colorScheme, reducedMotion: 'reduce' } as const;

  test(`axe finds nothing on the front page, ${colorScheme}`, async ({ server, visit }) => {
    const ben = await Writer.join(server.url, 'Ben');
    await ben.creates('Tea', 'And biscuits');
    await ben.says('Hi humans!');
    const kira = await visit('Kira', device);
    kira.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
    await kira.open('/');
    await expectAccessible(kira, 'signed out');

    await kira.yourName.fill('ben');
    await kira.join.click();
    await expect(kira.alert).toBeVisible();
    await expectAccessible(kira, 'the name is taken');

    await kira.joins();
    await kira.isIn('Lobby');
    await kira.open('/');
    await expectAccessible(kira, 'signed in');
  });

  test(`axe finds nothing in a room with messages of every state, or in its dialog, ${colorScheme}`, async ({ server, visit, join }) => {
    const writer = await Writer.join(server.url, 'Aiko');
    for (let n = 1; n <= 70; n += 1) await writer.says(`Message ${n}`);
    await writer.creates('Tea', 'And biscuits');
    const ben = await join('Ben');

    const kira = await visit('Kira', device);
    const wire = await Wire.hold(kira);
    await kira.open('/');
    await kira.joins();
    await kira.isIn('Lobby');
    // A room that was opened stays followed, so it can be marked as having new messages.
    await kira.goesTo('Tea');
    await kira.goesTo('Lobby');
    await ben.goesTo('Tea');
    await ben.says('Unread');
    await expect(kira.room('Tea')).toContainText('unread');
    wire.refusePosts((body) => (body === 'Refused' ? 'read_only' : undefined));
    await kira.says('Refused');
    await expect(kira.message('Refused')).toHaveAttribute('data-state', 'refused');
    await ben.goesTo('Lobby');
    await ben.types('Typing');
    await expect(kira.page.getByText('Ben is typing')).toBeVisible();
    await expectAccessible(kira, 'sent, refused, unread, typing');

    await kira.context.setOffline(true);
    await expect(kira.connection).toHaveAttribute('data-state', 'offline');
    await kira.composer.fill('😀'.repeat(3_990));
    await kira.composer.press('Enter');
    await kira.composer.fill('x'.repeat(4_001));
    await expectAccessible(kira, 'offline, pending, over the limit');
    await kira.context.setOffline(false);

    await kira.newRoom.click();
    await expect(kira.dialog).toBeVisible();
    await expectAccessible(kira, 'the dialog');
    await kira.fillsNewRoom('   ');
    await expect(kira.dialog).toContainText('Write something first.');
    await expectAccessible(kira, 'the dialog with a refused name');
  });

  test(`axe finds nothing in an empty room or on a page that does not exist, ${colorScheme}`, async ({ join }) => {
    const kira = await join('Kira', device);
    kira.allowErrors('the browser notes the 404', /status of 404/);
    await expectAccessible(kira, 'an empty room');
    await kira.open('/no/such/page');
    await expectAccessible(kira, '404');
  });

  test(`axe finds nothing on a phone, ${colorScheme}`, async ({ join }) => {
    const kira = await join('Kira', { ...device, viewport: { width: 320, height: 640 } });
    await kira.says('From a phone');
    await kira.reads('From a phone');
    await expectAccessible(kira, 'the room');
    await kira.page.getByRole('button', { name: 'Rooms' }).click();
    await expect(kira.rooms).toBeVisible();
    await expectAccessible(kira, 'the rooms');
  });
}

test('a screen reader announces new messages and not the history', async ({ join }) => {
  const kira = await join('Kira');
  const log = kira.page.getByRole('log', { name: 'Messages' });
  await expect(log).toHaveAttribute('aria-live', 'polite');
  await expect(kira.page.locator('html')).toHaveAttribute('lang', 'en');
});
