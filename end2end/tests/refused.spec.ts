import type { Person } from '../support/person';
import { expect, test, type Visit } from '../support/test';
import { Wire } from '../support/wire';

test('a refused message shows its reason, and "try again" sends it', async ({ visit, join }) => {
  const ben = await join('Ben');
  const { kira, wire } = await joinHeld(visit);
  wire.refusePosts(() => 'read_only');
  await kira.says('Is it full?');
  await expect(kira.message('Is it full?')).toHaveAttribute('data-state', 'refused');
  await expect(kira.message('Is it full?')).toContainText("The server's disk is full");

  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(kira.message('Is it full?')).toHaveAttribute('data-state', 'refused');

  wire.letPostsThrough();
  await kira.message('Is it full?').getByRole('button', { name: 'Try again' }).click();
  await kira.reads('Is it full?');
  await ben.reads('Is it full?');
  expect(await ben.bodies()).toEqual(['Is it full?']);
});

test('a refused message can be discarded', async ({ visit, join }) => {
  const ben = await join('Ben');
  const { kira, wire } = await joinHeld(visit);
  wire.refusePosts((body) => (body === 'Never mind' ? 'read_only' : undefined));
  await kira.says('Never mind');
  await kira.says('Hello');
  await ben.reads('Hello');
  await expect(kira.message('Never mind')).toHaveAttribute('data-state', 'refused');

  await kira.message('Never mind').getByRole('button', { name: 'Discard' }).click();
  await expect(kira.message('Never mind')).toBeHidden();
  await kira.page.reload();
  await kira.isIn('Lobby');
  await kira.reads('Hello');
  expect(await kira.bodies()).toEqual(['Hello']);
  expect(await ben.bodies()).toEqual(['Hello']);
});

test.describe('with 30 posts a minute', () => {
  test.use({ settings: { 'posts-per-minute': 30 } });

  test('messages above the rate limit are sent later, and none is lost', async ({ join }) => {
    test.setTimeout(150_000);
    const kira = await join('Kira');
    const ben = await join('Ben');
    const said = Array.from({ length: 32 }, (_, i) => `Fast ${i + 1}`);
    for (const body of said) await kira.says(body);
    await ben.reads('Fast 30');
    await expect(kira.message('Fast 32')).not.toHaveAttribute('data-state', 'refused');

    await expect(kira.message('Fast 32')).toHaveAttribute('data-state', 'sent', { timeout: 90_000 });
    await ben.reads('Fast 32');
    expect(await ben.bodies()).toEqual(said);
    expect(await kira.bodies()).toEqual(said);
  });
});

async function joinHeld(visit: Visit): Promise<{ kira: Person; wire: Wire }> {
  const kira = await visit('Kira');
  const wire = await Wire.hold(kira);
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');
  return { kira, wire };
}
