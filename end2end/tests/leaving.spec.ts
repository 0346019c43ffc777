import { expect, test } from '../support/test';

test('leaving ends the session and frees the name', async ({ join, visit }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');

  await kira.leave.click();
  await expect(kira.yourName).toBeVisible();
  await expect(ben.people.getByText('Kira', { exact: true })).toBeHidden();
  await kira.open('/rooms/lobby');
  await expect(kira.yourName).toBeVisible();

  const another = await visit('Kira');
  await another.open('/');
  await another.joins();
  await another.isIn('Lobby');
  await expect(ben.people.getByText('Kira', { exact: true })).toBeVisible();
});

test('leaving in one tab closes the WebSocket of the other', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const other = await kira.context.newPage();
  const socket = other.waitForEvent('websocket');
  await other.goto('/rooms/lobby');
  const connection = other.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveAttribute('data-state', 'connected');

  await kira.leave.click();
  await expect(kira.yourName).toBeVisible();
  await expect.poll(async () => (await socket).isClosed()).toBe(true);
  await expect(connection).not.toHaveAttribute('data-state', 'connected');
  await expect(other.getByText('You are signed out.')).toBeVisible();

  await ben.says('Is she gone?');
  await ben.reads('Is she gone?');
  await expect(other.getByRole('article').filter({ hasText: 'Is she gone?' })).toBeHidden();
});

test('a tab that was signed out keeps what was typed, and it is sent after coming back under the same name', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const other = await kira.context.newPage();
  await other.goto('/rooms/lobby');
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveAttribute('data-state', 'connected');
  const composer = other.getByRole('textbox', { name: 'Message', exact: true });
  const send = other.getByRole('button', { name: 'Send', exact: true });

  await kira.leave.click();
  const comeBack = other.getByRole('button', { name: 'Come back as Kira' });
  await expect(comeBack).toBeVisible();
  await composer.fill('Half a thought');
  await expect(send).toBeDisabled();
  await composer.press('Enter');
  await expect(composer).toHaveValue('Half a thought');

  await comeBack.click();
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveAttribute('data-state', 'connected');
  await expect(composer).toHaveValue('Half a thought');
  await send.click();
  await ben.reads('Half a thought');
});
