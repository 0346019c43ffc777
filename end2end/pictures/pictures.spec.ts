// Takes the pictures. Not a test: it looks like one to have its server and its people.
import path from 'node:path';
import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { Writer } from '../support/writer';
import { ELSEWHERE, LOBBY, ROOMS } from './conversation';

const FOLDER = process.env.HUBBUB_PICTURES ?? '.';
const SIZES = [
  { width: 375, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

test.use({ settings: { 'posts-per-minute': 0 } });

test('pictures of every page in every size and both themes', async ({ server, visit, join }) => {
  const kira = await join('Kira');
  const others = [await join('Ben'), await join('Aiko'), await join('Mira'), await join('Tomás')];
  const people = new Map([kira, ...others].map((person) => [person.name, person]));
  const janitor = await Writer.join(server.url, 'Janitor');
  for (const { name, topic } of ROOMS) await janitor.creates(name, topic);
  await janitor.leaves();
  for (const [slug, lines] of Object.entries(ELSEWHERE)) {
    const room = ROOMS.find((each) => each.slug === slug)?.name ?? slug;
    for (const [author, body] of lines) await speak(people.get(author), room, body);
  }
  for (const [author, body] of LOBBY) await speak(people.get(author), 'Lobby', body);
  for (const person of others) await person.goesTo('Lobby');
  const storageState = await kira.context.storageState();

  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const device = { viewport, colorScheme, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;
      const take = (person: Person, what: string) =>
        person.page.screenshot({ path: path.join(FOLDER, `${what}-${viewport.width}-${colorScheme}.png`) });

      const stranger = await visit('Noor', device);
      stranger.allowErrors('the browser notes the 404', /status of 404/);
      await stranger.open('/');
      await take(stranger, 'home');
      await stranger.open('/no/such/page');
      await take(stranger, '404');
      await stranger.context.close();

      const viewer = await visit('Kira', { ...device, storageState });
      await viewer.open('/rooms/lobby');
      await viewer.isIn('Lobby');
      await expect(viewer.messages).toHaveCount(LOBBY.length);
      const [ben] = others;
      // Who typed a moment ago tells it again only after a while.
      await expect(async () => {
        await ben?.composer.fill('');
        await ben?.types('I ask the school about the chairs');
        await expect(viewer.page.getByText('Ben is typing')).toBeVisible({ timeout: 500 });
      }).toPass();
      await take(viewer, 'room');

      for (const drawer of ['Rooms', 'People']) {
        const button = viewer.page.getByRole('button', { name: drawer });
        if (!(await button.isVisible())) continue;
        await button.click();
        await take(viewer, drawer.toLowerCase());
        await viewer.page.keyboard.press('Escape');
      }

      const rooms = viewer.page.getByRole('button', { name: 'Rooms' });
      if (await rooms.isVisible()) await rooms.click();
      await viewer.newRoom.click();
      await viewer.dialog.getByRole('textbox', { name: 'Room name' }).fill('Lost and found');
      await take(viewer, 'new-room');
      await viewer.context.close();
    }
  }
});

async function speak(person: Person | undefined, room: string, body: string): Promise<void> {
  if (!person) throw new Error(`nobody says ${body}`);
  if ((await person.heading.textContent()) !== room) await person.goesTo(room);
  await person.says(body);
  await person.reads(body);
}
