import { expect, test } from '../support/test';

test('each room keeps its own draft when the room changes and after a reload', async ({ join }) => {
  const kira = await join('Kira');
  await kira.types('Half a thought');
  await kira.creates('Tea');
  await expect(kira.composer).toHaveValue('');
  await kira.types('Half a cup');

  await kira.goesTo('Lobby');
  await expect(kira.composer).toHaveValue('Half a thought');
  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(kira.composer).toHaveValue('Half a thought');

  await kira.goesTo('Tea');
  await expect(kira.composer).toHaveValue('Half a cup');
});

test('a draft is deleted when its message is sent', async ({ join }) => {
  const kira = await join('Kira');
  await kira.types('Done');
  await kira.send.click();
  await kira.reads('Done');
  await expect(kira.composer).toHaveValue('');
  await kira.page.reload();
  await kira.isIn('Lobby');
  await kira.reads('Done');
  await expect(kira.composer).toHaveValue('');
});

test('the next person who joins in the same browser does not see the draft', async ({ join }) => {
  const kira = await join('Kira');
  await kira.types('Dear diary');
  await kira.leave.click();
  await kira.yourName.fill('Ben');
  await kira.join.click();
  await kira.isIn('Lobby');
  await expect(kira.composer).toHaveValue('');
  await expect.poll(() => kira.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('Dear diary');
});
