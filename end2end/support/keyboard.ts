// Moving the focus with the keyboard.
import { expect, type Locator } from '@playwright/test';

/** Presses Tab until `target` has the focus, at most 60 times. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  const hasFocus = () => target.evaluate((element) => element === document.activeElement);
  await expect(target).toBeVisible();
  for (let n = 0; n < 60 && !(await hasFocus()); n += 1) await page.keyboard.press('Tab');
  await expect(target).toBeFocused();
}
