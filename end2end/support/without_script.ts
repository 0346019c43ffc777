// People whose browser runs no script.
import { expect, type FrameLocator, type Page } from '@playwright/test';
import type { Person } from './person';
import type { Visit } from './test';

export const NO_SCRIPT = { javaScriptEnabled: false };
/** A room never finishes loading, because its frame does not. */
export const UNFINISHED = { waitUntil: 'domcontentloaded' } as const;

/** Returns the frame of the log, which is inside the frame that reloads it. */
export function logFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title=Messages]').frameLocator('iframe[title=Messages]');
}

/** Returns a person without script in the lobby. */
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
