// Someone whose browser runs no script, and where the log is for them.
import { expect, type FrameLocator, type Page } from '@playwright/test';
import type { Person } from './person';
import type { Visit } from './test';

export const NO_SCRIPT = { javaScriptEnabled: false };
/** A room's load doesn't end, since its frame's doesn't. */
export const UNFINISHED = { waitUntil: 'domcontentloaded' } as const;

/** The page of the log, in the one that keeps it. */
export function logFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title=Messages]').frameLocator('iframe[title=Messages]');
}

/** Someone in the lobby. */
export async function arrives(visit: Visit, name: string, device = {}): Promise<Person> {
  const person = await visit(name, { ...NO_SCRIPT, ...device });
  await person.open('/');
  await person.joins();
  await expect(person.timeline).toBeAttached();
  return person;
}

export async function sends(person: Person, body: string): Promise<void> {
  await person.composer.fill(body);
  await person.send.click();
}
