// Accessibility checks with axe.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Person } from './person';

/** Fails if axe finds violations on the page in its current state. `what` names the state. */
export async function expectAccessible(person: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
  expect(found, what).toEqual([]);
}

/**
 * Shows `markup` in a browser that runs scripts as a browser without scripts displays it, because axe is a script.
 * `noscript` elements and `scripting: none` rules are renamed, in the markup and in the styles, so that they apply.
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
