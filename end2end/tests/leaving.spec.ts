import type { WebSocketRoute } from '@playwright/test';
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

test('who comes back under the same name in other letters has the draft, and who has another name has not', async ({ join }) => {
  const kira = await join('Kira');
  const comesAs = async (name: string) => {
    await kira.leave.click();
    await kira.yourName.fill(name);
    await kira.join.click();
    await kira.isIn('Lobby');
  };
  await kira.composer.fill('Half a thought');
  await comesAs('KIRA');
  await expect(kira.composer).toHaveValue('Half a thought');
  await comesAs('Kira 2');
  await expect(kira.composer).toHaveValue('');
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

test('a message that was on its way when the session ended goes out once after coming back', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const other = await kira.context.newPage();
  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  await other.routeWebSocket('/ws', (socket) => {
    if (isCut) return void socket.close();
    sockets.add(socket);
    socket.connectToServer();
  });
  await other.route(/\/ask/, (route) => (isCut ? route.abort() : route.continue()));
  await other.goto('/rooms/lobby');
  const composer = other.getByRole('textbox', { name: 'Message', exact: true });
  const message = (body: string) => other.getByRole('article').filter({ hasText: body });
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveAttribute('data-state', 'connected');

  isCut = true;
  await Promise.all([...sockets].map((socket) => socket.close()));
  await composer.fill('On its way');
  await composer.press('Enter');
  await expect(message('On its way')).toHaveAttribute('data-state', 'pending');
  await kira.leave.click();
  await expect(kira.yourName).toBeVisible();
  isCut = false;
  await other.evaluate(() => window.dispatchEvent(new Event('online')));
  const comeBack = other.getByRole('button', { name: 'Come back as Kira' });
  await expect(comeBack).toBeVisible({ timeout: 35_000 });
  await composer.fill('And a draft');

  await comeBack.click();
  await expect(message('On its way')).toHaveAttribute('data-state', 'sent');
  await expect(composer).toHaveValue('And a draft');
  await composer.press('Enter');
  await ben.reads('And a draft');
  expect(await ben.bodies()).toEqual(['On its way', 'And a draft']);
  await other.reload();
  await expect(message('And a draft')).toHaveAttribute('data-state', 'sent');
  expect(await ben.bodies()).toEqual(['On its way', 'And a draft']);
});
