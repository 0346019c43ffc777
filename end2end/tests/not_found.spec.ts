import { expect, test } from '../support/test';

test('a page that does not exist answers 404 and links to the front page', async ({ visit }) => {
  const kira = await visit('Kira');
  kira.allowErrors('the browser notes the 404', /status of 404/);
  const answer = await kira.page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await expect(kira.page.getByRole('main')).toContainText('404');
  await kira.page.getByRole('main').getByRole('link').click();
  await expect(kira.page).toHaveURL('/');
  await expect(kira.yourName).toBeVisible();
});

test('a room that does not exist answers 404, and other rooms work afterwards', async ({ join }) => {
  const kira = await join('Kira');
  kira.allowErrors('the browser notes the 404', /status of 404/);
  const answer = await kira.page.goto('/rooms/no-such-room');
  expect(answer?.status()).toBe(404);
  await expect(kira.page.getByRole('main')).toContainText('404');
  await kira.open('/rooms/lobby');
  await kira.isIn('Lobby');
});
