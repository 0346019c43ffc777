// The parts of the page that are loaded when a person first acts.
import type { Person } from '../support/person';
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

/** Holds the file back. Returns the function that lets it through. */
async function holdBack(person: Person): Promise<() => void> {
  let letThrough = () => {};
  const mayLoad = new Promise<void>((resolve) => (letThrough = resolve));
  await person.page.route(LATER, async (route) => {
    await mayLoad;
    await route.continue();
  });
  return letThrough;
}

for (const key of ['ContextMenu', 'Shift+F10']) {
  test(`${key} leads to the toolbar of a message, also while it is loading`, async ({ join }) => {
    const kira = await join('Kira');
    await kira.says('Hello');
    await kira.page.reload();
    await kira.isIn('Lobby');
    const load = await holdBack(kira);
    const toolbar = kira.page.getByRole('toolbar', { name: 'Message actions' });
    const asked = kira.page.waitForRequest(LATER);
    await kira.message('Hello').focus();
    await kira.page.keyboard.press(key);
    await asked;
    await expect(toolbar).toBeHidden();
    load();
    await expect(toolbar.getByRole('button').first()).toBeFocused();

    await kira.page.keyboard.press('Escape');
    await kira.message('Hello').focus();
    await kira.page.keyboard.press(key);
    await expect(toolbar.getByRole('button').first()).toBeFocused();
  });
}

test('a toolbar that arrives after the focus has moved does not take it', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Hello');
  await kira.page.reload();
  await kira.isIn('Lobby');
  const load = await holdBack(kira);
  await kira.message('Hello').focus();
  const loaded = kira.page.waitForResponse(LATER);
  await kira.page.keyboard.press('ContextMenu');
  await kira.composer.focus();
  load();
  await (await loaded).finished();
  await kira.message('Hello').hover();
  await expect(kira.page.getByRole('toolbar', { name: 'Message actions' })).toBeVisible();
  await expect(kira.composer).toBeFocused();
});

test('a dialog whose buttons could not be loaded does not open by surprise at the next act', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Hello');
  kira.allowErrors('the file with the dialogs is not loaded', /split_later\.wasm|Failed to fetch/);
  await kira.page.route(LATER, (route) => route.abort());
  await kira.page.reload();
  await kira.isIn('Lobby');
  const failed = kira.page.waitForEvent('requestfailed', (request) => LATER.test(request.url()));
  await kira.connection.getByRole('button', { name: 'Connection' }).click();
  await failed;
  await expect(kira.page.getByRole('alert').filter({ hasText: 'could not be loaded' })).toBeVisible();
  await kira.page.waitForLoadState('networkidle');

  await kira.page.unroute(LATER);
  await kira.page.mouse.move(1, 1);
  await kira.message('Hello').hover();
  await expect(kira.page.getByRole('toolbar', { name: 'Message actions' })).toBeVisible();
  await expect(kira.dialog).toBeHidden();
  await kira.connection.getByRole('button', { name: 'Connection' }).click();
  await expect(kira.dialog).toBeVisible();
});
