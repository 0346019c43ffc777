import { expect, test } from '../support/test';
import { Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

async function sixtyRooms(url: string): Promise<void> {
  const writer = await Writer.join(url, 'Aiko');
  for (let n = 1; n <= 60; n += 1) await writer.creates(`Room ${n}`);
  await writer.leaves();
}

test('in a long list, the room that is open and "New room" are in view', async ({ server, join }) => {
  await sixtyRooms(server.url);
  const kira = await join('Kira');
  await expect(kira.newRoom).toBeInViewport({ ratio: 1 });
  await expect(kira.room('Room 60')).not.toBeInViewport();

  await kira.open('/rooms/room-60');
  await kira.isIn('Room 60');
  await expect(kira.room('Room 60')).toBeInViewport({ ratio: 1 });
  await expect(kira.newRoom).toBeInViewport({ ratio: 1 });

  await kira.goesTo('Room 58');
  await kira.page.goto('/rooms/lobby');
  await kira.isIn('Lobby');
  await expect(kira.room('Lobby')).toBeInViewport({ ratio: 1 });
  await kira.page.goBack();
  await kira.isIn('Room 58');
  await expect(kira.room('Room 58')).toBeInViewport({ ratio: 1 });
});

test('the filter finds rooms in any case of the letters, Enter opens the first, and Escape clears it', async ({ server, join }) => {
  await sixtyRooms(server.url);
  const kira = await join('Kira');
  const filter = kira.page.getByRole('textbox', { name: 'Filter rooms' });
  const links = kira.rooms.getByRole('link');

  await filter.fill('rOOM 4');
  await expect(links).toHaveCount(11);
  await expect(kira.room('Lobby')).toBeHidden();
  await filter.press('Escape');
  await expect(filter).toHaveValue('');
  await expect(links).toHaveCount(61);
  await expect(kira.room('Lobby')).toBeInViewport({ ratio: 1 });

  await filter.fill('no such room');
  await expect(kira.rooms).toContainText('No room is called that.');
  await filter.fill('room 43');
  await filter.press('Enter');
  await kira.isIn('Room 43');
  await expect(filter).toHaveValue('');
  await expect(kira.room('Room 43')).toBeInViewport({ ratio: 1 });
});

test('a short list has no filter', async ({ join }) => {
  const kira = await join('Kira');
  await expect(kira.page.getByRole('textbox', { name: 'Filter rooms' })).toBeHidden();
});
