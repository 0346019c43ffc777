import { expect, test } from '../support/test';

test('a person is listed when they join and not after they close the tab', async ({ join }) => {
  const kira = await join('Kira');
  await expect(kira.people.getByRole('listitem')).toHaveCount(1);

  const ben = await join('Ben');
  await expect(kira.people.getByText('Ben', { exact: true })).toBeVisible();
  await expect(ben.people.getByText('Kira', { exact: true })).toBeVisible();
  await expect(kira.people.getByRole('listitem')).toHaveCount(2);

  await ben.page.close();
  await expect(kira.people.getByText('Ben', { exact: true })).toBeHidden();
  await expect(kira.people.getByRole('listitem')).toHaveCount(1);
});

test('someone in two tabs is one person, present until the last tab is closed', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const other = await ben.context.newPage();
  await other.goto('/rooms/lobby');
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveAttribute('data-state', 'connected');
  await expect(kira.people.getByText('Ben', { exact: true })).toHaveCount(1);

  await ben.page.close();
  await kira.says('Still here, Ben?');
  await expect(other.getByRole('article').filter({ hasText: 'Still here, Ben?' })).toBeVisible();
  await expect(kira.people.getByText('Ben', { exact: true })).toHaveCount(1);

  await other.close();
  await expect(kira.people.getByText('Ben', { exact: true })).toBeHidden();
});

test('a person who goes to another room is no longer listed in the first', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.creates('Tea');
  await expect(kira.people.getByRole('listitem')).toHaveText([/Kira/]);

  await ben.goesTo('Tea');
  await expect(kira.people.getByText('Ben', { exact: true })).toBeVisible();
});

test('others see who is typing until the message arrives', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');

  await ben.types('Hello');
  await expect(kira.page.getByText('Ben is typing')).toBeVisible();
  await expect(ben.page.getByText('Ben is typing')).toBeHidden();

  await ben.composer.press('Enter');
  await kira.reads('Hello');
  await expect(kira.page.getByText('Ben is typing')).toBeHidden({ timeout: 2_000 });
});

test('the typing hint disappears when the person stops typing', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await ben.types('Hm');
  await expect(kira.page.getByText('Ben is typing')).toBeVisible();
  // A hint is shown for 6 s; two may have been sent.
  await expect(kira.page.getByText('Ben is typing')).toBeHidden({ timeout: 12_000 });
});
