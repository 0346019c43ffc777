import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test('the theme follows the system', async ({ visit }) => {
  const kira = await visit('Kira', { colorScheme: 'light', reducedMotion: 'reduce' });
  await kira.open('/');
  const day = await background(kira);
  await kira.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(async () => brightness(await background(kira))).toBeLessThan(brightness(day));
});

test('the theme switch overrides the system on every page and after a reload', async ({ join }) => {
  const kira = await join('Kira', { colorScheme: 'light', reducedMotion: 'reduce' });
  const day = await background(kira);
  const html = kira.page.locator('html');
  const themeSwitch = kira.page.getByRole('button', { name: /^Theme/ });
  for (let n = 0; n < 3 && (await html.getAttribute('data-theme')) !== 'dark'; n += 1) await themeSwitch.click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  const night = await background(kira);
  expect(brightness(night)).toBeLessThan(brightness(day));

  await kira.page.reload();
  await kira.isIn('Lobby');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  expect(await background(kira)).toBe(night);

  await kira.open('/');
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

/** Returns the computed colour, independent of its notation in the stylesheet. */
async function background(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    if (!canvas) throw new Error('no canvas');
    for (const element of [document.documentElement, document.body]) {
      canvas.fillStyle = getComputedStyle(element).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].join(',');
  });
}

function brightness(colour: string): number {
  return colour.split(',').slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}
