import type { Person } from '../support/person';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const N_MESSAGES = 30;

for (const { how, restart } of [
  { how: 'killed with -9', restart: killAndStart },
  { how: 'told to stop', restart: terminateAndStart },
]) {
  test(`the server is ${how} and started again during a conversation: no message is lost or doubled, and no page reloads`, async ({ server, join }) => {
    test.setTimeout(120_000);
    const [kira, ben] = await Promise.all([join('Kira'), join('Ben')]);
    const loads = [kira.pageLoads, ben.pageLoads];
    for (const person of [kira, ben]) person.allowErrors('nothing comes through while the server is down', /WebSocket connection|ERR_CONNECTION_REFUSED/);

    await Promise.all([talks(kira, () => restart(server)), talks(ben)]);

    const said = [kira, ben].flatMap(({ name }) => numbered(name)).sort();
    for (const person of [kira, ben]) {
      await expect(person.connection).toHaveAttribute('data-state', 'connected', { timeout: 40_000 });
      await expect.poll(async () => (await person.log()).map(({ body }) => body).sort(), { timeout: 40_000 }).toEqual(said);
      await expect(person.messages).toHaveCount(said.length);
    }
    const log = await kira.log();
    expect(log).toEqual(await ben.log());
    expect(log.map(({ seq }) => seq)).toEqual(said.map((_, i) => i + 1));
    for (const { name } of [kira, ben]) {
      expect(log.map(({ body }) => body).filter((body) => body.startsWith(name))).toEqual(numbered(name));
    }
    expect([kira.pageLoads, ben.pageLoads]).toEqual(loads);

    const aiko = await join('Aiko');
    expect(await aiko.log()).toEqual(log.slice(-(await aiko.messages.count())));
    await kira.says('Still here');
    await ben.reads('Still here');
    await aiko.reads('Still here');
  });
}

/** Writes all messages without waiting for any to be confirmed; a third of the way through, `meanwhile` begins. */
async function talks(person: Person, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
  let happening: Promise<void> | undefined;
  for (const [i, body] of numbered(person.name).entries()) {
    if (i === N_MESSAGES / 3) happening = meanwhile();
    await person.says(body);
  }
  await happening;
}

function numbered(name: string): string[] {
  return Array.from({ length: N_MESSAGES }, (_, i) => `${name} ${i + 1}`);
}

async function killAndStart(server: Server): Promise<void> {
  await server.kill9();
  await server.start();
}

async function terminateAndStart(server: Server): Promise<void> {
  expect(await server.terminate(), 'exit code').toBe(0);
  await server.start();
}
