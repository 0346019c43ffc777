// The parts of the page that are loaded when a person first acts.
import { expect, test } from '../support/test';

const LATER = /\/split_later\.wasm$/;

test('the toolbar is loaded when the pointer comes, and not before', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Hello');
  await kira.page.reload();
  const loaded: string[] = [];
  kira.page.on('request', (request) => loaded.push(request.url()));
  await kira.isIn('Lobby');
  await kira.page.waitForLoadState('networkidle');
  expect(loaded.filter((url) => LATER.test(url))).toEqual([]);

  await kira.message('Hello').hover();
  await expect(kira.page.getByRole('toolbar', { name: 'Message actions' })).toBeVisible();
  expect(loaded.filter((url) => LATER.test(url))).toHaveLength(1);
});

test('buttons that could not be loaded are said, and come when the person next acts', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Hello');
  kira.allowErrors('the file with the buttons is not loaded', /split_later\.wasm|Failed to fetch/);
  let tries = 0;
  await kira.page.route(LATER, (route) => {
    tries += 1;
    return route.abort();
  });
  await kira.page.reload();
  await kira.isIn('Lobby');
  await kira.message('Hello').hover();
  const error = kira.page.getByRole('alert').filter({ hasText: 'could not be loaded' });
  await expect(error).toBeVisible();
  // A try for each act, and not one after the other.
  expect(tries).toBeLessThan(10);

  await kira.page.unroute(LATER);
  await kira.page.mouse.move(1, 1);
  await kira.message('Hello').hover();
  await expect(kira.page.getByRole('toolbar', { name: 'Message actions' })).toBeVisible();
  await expect(error).toBeHidden();
});
