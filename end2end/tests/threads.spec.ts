// The panel of replies: where it stands, and what happens to the room beside it.
import type { Locator } from '@playwright/test';
import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { Writer } from '../support/writer';

test.use({ settings: { 'posts-per-minute': 0 } });

const QUESTION = 'Tea or coffee?';
/** A text that wraps to more lines when the room gets narrower. */
const LONG = 'so many words that a line of a wide room ends long before they do, '.repeat(6);

/** A person in a room with a question that has a reply, between long messages. */
async function joinsThread(url: string, join: (name: string, options: object) => Promise<Person>, width: number): Promise<Person> {
  const ben = await Writer.join(url, 'Ben');
  for (let n = 1; n <= 8; n += 1) await ben.says(`${n} ${LONG}`);
  const kira = await join('Kira', { viewport: { width, height: 800 } });
  await kira.says(QUESTION);
  await kira.acts(QUESTION, 'Reply');
  await kira.says('Tea');
  await kira.reads('Tea');
  for (let n = 9; n <= 16; n += 1) await ben.says(`${n} ${LONG}`);
  await kira.reads(`16 ${LONG.trim()}`);
  return kira;
}

const panelOf = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Replies' });

async function opensThread(person: Person): Promise<Locator> {
  await person.message(QUESTION).getByRole('button', { name: '1 reply' }).click();
  await expect(panelOf(person).locator('[data-body]')).toHaveText([QUESTION, 'Tea']);
  return panelOf(person);
}

async function edges(element: Locator): Promise<{ left: number; right: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error('the element is not on the page');
  return { left: box.x, right: box.x + box.width };
}

for (const { width, people, hidesPeople } of [
  { width: 1280, people: 'in the place of the people', hidesPeople: true },
  { width: 1760, people: 'between the room and the people', hidesPeople: false },
]) {
  test(`at ${width} px the replies are a column ${people}`, async ({ server, join }) => {
    const kira = await joinsThread(server.url, join, width);
    const list = kira.page.getByRole('complementary', { name: 'People' });
    await expect(list).toBeVisible();
    const panel = await opensThread(kira);
    const [room, column] = [await edges(kira.page.getByRole('main')), await edges(panel)];
    expect(column.left).toBeGreaterThanOrEqual(room.right);
    expect(column.right).toBeLessThanOrEqual(width);
    if (hidesPeople) {
      await expect(list).toBeHidden();
    } else {
      expect((await edges(list)).left).toBeGreaterThanOrEqual(column.right);
    }
    await kira.says('The room goes on');
    await kira.reads('The room goes on');

    await panel.getByRole('button', { name: 'Close replies' }).click();
    await expect(list).toBeVisible();
  });
}

test('in a narrow window the replies lie over the room', async ({ server, join }) => {
  const kira = await joinsThread(server.url, join, 800);
  const panel = await opensThread(kira);
  const [room, over] = [await edges(kira.page.getByRole('main')), await edges(panel)];
  expect(over.left).toBeLessThan(room.right);
  expect(over.right).toBe(800);
});

test('the message that is read stays where it is when the replies open and close', async ({ server, join }) => {
  const kira = await joinsThread(server.url, join, 1280);
  const top = async () => (await kira.message(QUESTION).locator('[data-body]').boundingBox())?.y ?? NaN;
  // The question is the first message on the screen, below others that wrap to more lines when the room gets narrower.
  await kira.message(QUESTION).evaluate((question) => question.scrollIntoView({ block: 'start' }));
  await expect(kira.pill).toBeVisible();
  const before = await top();
  const moved = async () => Math.abs((await top()) - before);
  const panel = await opensThread(kira);
  await expect.poll(moved).toBeLessThanOrEqual(2);
  await panel.getByRole('button', { name: 'Close replies' }).click();
  await expect(panel).toHaveCount(0);
  // The page puts the message back before the next frame is drawn, which may be after the panel has gone.
  await expect.poll(moved).toBeLessThanOrEqual(2);
});
