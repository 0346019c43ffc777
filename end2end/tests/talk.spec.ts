import { expect, test } from '../support/test';

test('two people read each other at once and see the same log', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');

  await kira.says('Hi humans!');
  await ben.reads('Hi humans!');
  await ben.says('Hi Kira!');
  await kira.reads('Hi Kira!');
  await kira.says('Tea at four?');
  await ben.reads('Tea at four?');

  expect(await kira.bodies()).toEqual(['Hi humans!', 'Hi Kira!', 'Tea at four?']);
  expect(await kira.log()).toEqual(await ben.log());
  expect((await kira.log()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('two people who write at the same time see the same order', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const numbers = Array.from({ length: 15 }, (_, i) => i + 1);

  await Promise.all(
    [kira, ben].map(async (person) => {
      for (const n of numbers) await person.says(`${person.name} ${n}`);
    }),
  );

  for (const person of [kira, ben]) {
    await expect(person.messages).toHaveCount(30);
    await expect.poll(async () => (await person.log()).length).toBe(30);
  }
  const log = await kira.log();
  expect(log).toEqual(await ben.log());
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  for (const { name } of [kira, ben]) {
    const own = log.map(({ body }) => body).filter((body) => body.startsWith(name));
    expect(own).toEqual(numbers.map((n) => `${name} ${n}`));
  }
});

test('each message is labelled with its author', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('One');
  await kira.says('Two');
  await ben.reads('Two');
  await ben.says('Three');
  await kira.reads('Three');

  const log = kira.page.getByRole('log', { name: 'Messages' });
  await expect(log.getByRole('article', { name: 'Kira' }).locator('[data-body]')).toHaveText(['One', 'Two']);
  await expect(log.getByRole('article', { name: 'Ben' }).locator('[data-body]')).toHaveText(['Three']);
});

test('HTML in a message is displayed as text', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const body = `<script>alert(1)</script> <img src=x onerror="alert(2)"> &amp; 日本語 👩‍🚀`;

  await kira.says(body);
  await ben.reads(body);
  await expect(ben.messages.locator('img, script')).toHaveCount(0);

  await ben.page.reload();
  await ben.isIn('Lobby');
  await ben.reads(body);
});

test('times and days are displayed in the time zone of the reader', async ({ join }) => {
  // At any hour, at least one of the two time zones has another date than UTC. The first paint shows dates in UTC.
  const east = await join('Tekea', { timezoneId: 'Pacific/Kiritimati' });
  const west = await join('Sina', { timezoneId: 'Pacific/Pago_Pago' });
  await east.says('What time is it?');
  await west.reads('What time is it?');

  const time = (person: typeof east) => person.message('What time is it?').locator('time').first();
  const at = await time(east).getAttribute('datetime');
  await expect(time(west)).toHaveAttribute('datetime', at ?? '');
  const local = (timeZone: string) =>
    new RegExp(`\\b0?${new Date(at ?? '').toLocaleTimeString('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' }).replace(/^0/, '')}\\b`);
  await expect(time(east)).toHaveText(local('Pacific/Kiritimati'));
  await expect(time(west)).toHaveText(local('Pacific/Pago_Pago'));

  for (const [person, timeZone] of [[east, 'Pacific/Kiritimati'], [west, 'Pacific/Pago_Pago']] as const) {
    await person.page.reload();
    await person.isIn('Lobby');
    const day = new Date(at ?? '').toLocaleDateString('en-CA', { timeZone });
    await expect(person.page.locator('.day time').first()).toHaveAttribute('datetime', day);
  }
});

test('a person who joins later reads the earlier messages', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('First!');
  await kira.reads('First!');
  const ben = await join('Ben');
  await ben.reads('First!');
});
