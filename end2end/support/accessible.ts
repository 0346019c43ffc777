// The gate: axe finds nothing on the page as it stands.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Person } from './person';

export async function expectAccessible(person: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
  expect(found, what).toEqual([]);
}

/**
 * Shows someone whose browser runs scripts what a browser without them shows of this markup: the checker is a script
 * itself. What is for browsers without script goes by another name, in the markup as in the styles.
 */
export async function showAsWithoutScript({ page }: Person, markup: string): Promise<void> {
  const renamed = (text: string) => text.replaceAll('noscript', 'no-script').replaceAll('scripting:none', 'scripting:enabled');
  await page.route('**/hubbub.css', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: renamed(await response.text()) });
  });
  const body = renamed(markup).replaceAll(/<script.*?<\/script>/gs, '');
  await page.route('**/rooms/without-script', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('/rooms/without-script', { waitUntil: 'domcontentloaded' });
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
}
