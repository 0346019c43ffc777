import { expect, test } from '../support/test';

test('a new room appears for everyone without a reload, and people meet in it', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const loads = ben.pageLoads;

  await kira.creates('Tea & Cake', 'Recipes, mostly');
  await expect(kira.page).toHaveURL('/rooms/tea-cake');
  await expect(kira.page.getByRole('main')).toContainText('Recipes, mostly');

  await ben.goesTo('Tea & Cake');
  await expect(ben.page).toHaveURL('/rooms/tea-cake');
  await ben.says('Scones?');
  await kira.reads('Scones?');
  expect(ben.pageLoads).toBe(loads);
});

test('a second room of the same name is refused at the field, and a similar name gets another address', async ({ join }) => {
  const kira = await join('Kira');
  kira.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
  await kira.creates('Tea');
  await kira.newRoom.click();
  await kira.fillsNewRoom('TEA', 'More of it');
  await expect(kira.dialog.getByRole('textbox', { name: 'Room name' })).toHaveAccessibleDescription('There is a room with this name already.');
  await expect(kira.dialog.getByRole('textbox', { name: 'Topic' })).toHaveValue('More of it');

  await kira.fillsNewRoom('Tea?');
  await expect(kira.page).toHaveURL('/rooms/tea-2');
});

for (const [what, name, reason] of [
  ['blank', '   ', 'Write something first.'],
  ['of 61 characters', 'T'.repeat(61), '60 characters are the most'],
  ['that turns the direction of the text', 'Te\u202Ea', "can't be shown"],
] as const) {
  test(`a room name ${what} is refused in the dialog, and the text stays`, async ({ join }) => {
    const kira = await join('Kira');
    kira.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
    await kira.newRoom.click();
    await kira.fillsNewRoom(name, 'About tea');
    await expect(kira.dialog).toContainText(reason);
    await expect(kira.dialog.getByRole('textbox', { name: 'Room name' })).toHaveValue(name);
    await expect(kira.dialog.getByRole('textbox', { name: 'Topic' })).toHaveValue('About tea');

    await kira.fillsNewRoom('Tea', 'About tea');
    await expect(kira.heading).toHaveText('Tea');
    await expect(kira.dialog).toBeHidden();
  });
}

test('a topic that is too long is refused in the dialog', async ({ join }) => {
  const kira = await join('Kira');
  kira.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
  await kira.newRoom.click();
  await kira.fillsNewRoom('Tea', 't'.repeat(251));
  await expect(kira.dialog).toContainText('250 characters are the most');
});

test('changing rooms loads no page, and back and forward return to the rooms', async ({ join }) => {
  const kira = await join('Kira');
  await kira.creates('Tea');
  await kira.says('In tea');
  await kira.reads('In tea');
  const loads = kira.pageLoads;

  await kira.goesTo('Lobby');
  await expect(kira.page).toHaveURL('/rooms/lobby');
  await expect(kira.message('In tea')).toBeHidden();
  await expect(kira.room('Lobby')).toHaveAttribute('aria-current', 'page');
  await kira.says('In the lobby');
  await kira.reads('In the lobby');

  await kira.page.goBack();
  await expect(kira.page).toHaveURL('/rooms/tea');
  await expect(kira.heading).toHaveText('Tea');
  await kira.reads('In tea');
  await expect(kira.message('In the lobby')).toBeHidden();
  await expect(kira.page).toHaveTitle(/Tea/);

  await kira.page.goForward();
  await expect(kira.page).toHaveURL('/rooms/lobby');
  await kira.reads('In the lobby');
  await expect(kira.page).toHaveTitle(/Lobby/);
  expect(kira.pageLoads).toBe(loads);
});

test('a room with new messages is marked until it is opened', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.creates('Tea');
  await expect(kira.rooms.getByText('unread')).toHaveCount(0);

  await ben.says('Where is everyone?');
  await ben.reads('Where is everyone?');
  await expect(kira.room('Lobby')).toContainText('unread');

  await kira.goesTo('Lobby');
  await kira.reads('Where is everyone?');
  await expect(kira.rooms.getByText('unread')).toHaveCount(0);
});

test('a reload stays in the room', async ({ join }) => {
  const kira = await join('Kira');
  await kira.creates('Tea');
  await kira.says('Kettle is on');
  await kira.reads('Kettle is on');
  await kira.page.reload();
  await kira.isIn('Tea');
  await kira.reads('Kettle is on');
});
