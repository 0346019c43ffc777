import { expect, test } from '../support/test';

test('a taken name is refused in upper and lower case, and the suggested name is free', async ({ join, visit }) => {
  await join('Kira');
  const second = await visit('kIRA');
  second.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
  await second.open('/');
  await second.joins();

  await expect(second.alert).toContainText('called that already');
  await expect(second.yourName).toHaveAccessibleDescription(/called that already/);
  const offered = /How about (.+)\?/.exec((await second.alert.textContent()) ?? '')?.[1];
  expect(offered).toBeTruthy();

  await second.yourName.fill(offered ?? '');
  await second.join.click();
  await second.isIn('Lobby');
  await expect(second.people.getByRole('listitem').filter({ hasText: offered })).toBeVisible();
});

for (const [what, name, reason] of [
  ['blank', '   ', 'Write something first.'],
  ['of 41 characters', 'K'.repeat(41), '40 characters are the most'],
  ['that turns the direction of the text', 'Kira\u202Earik', "can't be shown"],
] as const) {
  test(`a name ${what} is refused where it was typed`, async ({ visit }) => {
    const person = await visit(name);
    person.allowErrors('the refused form is answered with an error status', /Failed to load resource/);
    await person.open('/');
    await person.joins();
    await expect(person.alert).toContainText(reason);
    await expect(person.yourName).toBeVisible();
  });
}

test('a name may have 40 characters of any script', async ({ join }) => {
  const person = await join('名'.repeat(40));
  await expect(person.people.getByRole('listitem')).toHaveCount(1);
});

test('a link to a room asks a new visitor for a name and then opens the room', async ({ join, visit }) => {
  const kira = await join('Kira');
  await kira.creates('Tea');
  const ben = await visit('Ben');
  await ben.open('/rooms/tea');
  await ben.joins();
  await ben.isIn('Tea');
});

test('the front page greets a person who has joined and links to the lobby', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Hi humans!');
  await kira.reads('Hi humans!');
  await kira.open('/');
  await expect(kira.page.getByRole('main')).toContainText('Kira');
  await expect(kira.yourName).toBeHidden();
  await expect(kira.page.getByRole('link', { name: /Hi humans!/ })).toBeVisible();
  await kira.page.getByRole('link', { name: 'Go to the lobby' }).click();
  await kira.isIn('Lobby');
});
