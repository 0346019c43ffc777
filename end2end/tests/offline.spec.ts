import { expect, test } from '../support/test';
import { Wire } from '../support/wire';

test('messages written offline survive a reload and are sent once', async ({ visit, join }) => {
  const ben = await join('Ben');
  const kira = await visit('Kira');
  const wire = await Wire.hold(kira);
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');

  await kira.context.setOffline(true);
  await expect(kira.connection).toHaveAttribute('data-state', 'offline');
  await expect(kira.connection.getByRole('button', { name: 'now' })).toBeVisible();
  await kira.says('Written in a tunnel');
  await kira.says('And another');
  await expect(kira.message('Written in a tunnel')).toHaveAttribute('data-state', 'pending');
  await expect(kira.message('And another')).toHaveAttribute('data-state', 'pending');
  await expect(kira.composer).toBeEditable();

  await wire.cut();
  await kira.context.setOffline(false);
  await kira.page.reload();
  await expect(kira.message('Written in a tunnel')).toHaveAttribute('data-state', 'pending');
  await expect(kira.message('And another')).toHaveAttribute('data-state', 'pending');
  await expect(kira.connection).not.toHaveAttribute('data-state', 'connected');
  await expect(ben.messages).toHaveCount(0);

  wire.restore();
  await kira.reads('Written in a tunnel');
  await kira.reads('And another');
  await ben.reads('Written in a tunnel');
  await ben.reads('And another');
  expect(await ben.bodies()).toEqual(['Written in a tunnel', 'And another']);
  expect(await kira.bodies()).toEqual(['Written in a tunnel', 'And another']);

  await kira.page.reload();
  await kira.isIn('Lobby');
  expect(await kira.bodies()).toEqual(['Written in a tunnel', 'And another']);
});

test('pending messages of a closed tab are sent when the room is opened again', async ({ join }) => {
  const ben = await join('Ben');
  const kira = await join('Kira');
  await kira.context.setOffline(true);
  await expect(kira.connection).toHaveAttribute('data-state', 'offline');
  await kira.says('See you on the other side');
  await expect(kira.message('See you on the other side')).toHaveAttribute('data-state', 'pending');
  await kira.page.close();
  await kira.context.setOffline(false);

  const again = await kira.context.newPage();
  await again.goto('/rooms/lobby');
  await ben.reads('See you on the other side');
  await expect(again.getByRole('article')).toHaveAttribute('data-state', 'sent');
});

test('the page says that it is offline and reconnects by itself', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const loads = kira.pageLoads;
  await kira.context.setOffline(true);
  await expect(kira.connection).toHaveAttribute('data-state', 'offline');
  await ben.says('Kira?');
  await ben.reads('Kira?');

  await kira.context.setOffline(false);
  await expect(kira.connection).toHaveAttribute('data-state', 'connected');
  await kira.reads('Kira?');
  expect(kira.pageLoads).toBe(loads);
});

test('the "now" button reconnects at once', async ({ server, join }) => {
  test.setTimeout(120_000);
  const kira = await join('Kira');
  kira.allowErrors('nothing comes through while the server is down', /WebSocket connection|ERR_CONNECTION_REFUSED/);
  await server.kill9();
  await expect(kira.connection).toHaveAttribute('data-state', 'reconnecting');

  const seconds = async () => Number(/(\d+) s/.exec((await kira.connection.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(seconds, { message: 'the waits grow', intervals: [200], timeout: 90_000 }).toBeGreaterThanOrEqual(7);
  await server.start();
  await kira.connection.getByRole('button', { name: 'now' }).click();
  await expect(kira.connection).toHaveAttribute('data-state', 'connected', { timeout: 2_500 });
  await expect(kira.connection.getByRole('button', { name: 'now' })).toBeHidden();
});

test('a message whose ack was lost is not stored twice', async ({ visit, join }) => {
  const ben = await join('Ben');
  const kira = await visit('Kira');
  const wire = await Wire.hold(kira);
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');

  wire.loseAnswers();
  await kira.says('Did you get this?');
  await ben.reads('Did you get this?');
  await expect(kira.message('Did you get this?')).toHaveAttribute('data-state', 'pending');

  await wire.cut();
  wire.restore();
  await kira.reads('Did you get this?');
  await kira.says('Good.');
  await ben.reads('Good.');
  expect(await ben.bodies()).toEqual(['Did you get this?', 'Good.']);
  expect(await kira.log()).toEqual(await ben.log());
});
