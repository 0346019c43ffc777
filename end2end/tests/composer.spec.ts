import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test('Enter and the button send, and the composer is empty and focused afterwards', async ({ join }) => {
  const kira = await join('Kira');
  await kira.types('By Enter');
  await kira.composer.press('Enter');
  await expect(kira.composer).toHaveValue('');
  await expect(kira.composer).toBeFocused();
  await kira.types('By the button');
  await kira.send.click();
  await expect(kira.composer).toHaveValue('');
  await kira.reads('By Enter');
  await kira.reads('By the button');
});

test('a message is displayed in the next frame, before the server has answered', async ({ join }) => {
  const kira = await join('Kira');
  await kira.context.setOffline(true);
  await kira.composer.fill('At once');
  const shown = await kira.composer.evaluate(async (composer) => {
    composer.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
    await new Promise(requestAnimationFrame);
    return [...document.querySelectorAll('[role=log] [data-state=pending] [data-body]')].map((body) => body.textContent);
  });
  expect(shown).toEqual(['At once']);
  await kira.context.setOffline(false);
  await kira.reads('At once');
});

test('Shift+Enter starts a new line, and the composer grows with its text', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const height = async () => (await kira.composer.boundingBox())?.height ?? 0;
  const one = await height();

  await kira.types('Roses are red');
  await kira.composer.press('Shift+Enter');
  await kira.types('Violets are blue');
  await kira.composer.press('Shift+Enter');
  await kira.types('And so on');
  await expect(kira.messages).toHaveCount(0);
  await expect.poll(height).toBeGreaterThan(one * 1.5);

  await kira.composer.press('Enter');
  await ben.reads('Roses are red\nViolets are blue\nAnd so on');
  await expect(ben.messages.locator('[data-body]')).toHaveCSS('white-space', /pre|break-spaces/);
  await expect.poll(height).toBeLessThanOrEqual(one);
});

test('Enter that ends the composition of an input method sends nothing', async ({ join }) => {
  const kira = await join('Kira');
  const devtools = await kira.context.newCDPSession(kira.page);
  await kira.composer.focus();
  await devtools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await expect(kira.composer).toHaveValue('にほん');
  // 229 is what the browser reports while an input method has the key (UI Events, section 7.3.1).
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 };
  await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await devtools.send('Input.insertText', { text: '日本' });
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await expect(kira.composer).toHaveValue('日本');
  await expect(kira.messages).toHaveCount(0);

  await kira.composer.press('Enter');
  await kira.reads('日本');
  await expect(kira.messages).toHaveCount(1);
});

test('near the limit, the composer says how many characters are left, counted as people count them', async ({ join }) => {
  const kira = await join('Kira');
  await kira.composer.fill('Short');
  await expect(left(kira)).toBeHidden();
  await kira.composer.fill('😀'.repeat(3_990));
  await expect(left(kira)).toHaveText(/\b10\b/);
  await kira.types('12345');
  await expect(left(kira)).toHaveText(/\b5\b/);
});

test('a message of 4,001 characters is refused and stays in the composer, and 4,000 characters are sent', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const text = 'x'.repeat(4_001);
  await kira.says(text);
  await expect(kira.page.getByText('4000 characters are the most').or(left(kira))).not.toHaveCount(0);
  await expect(kira.composer).toHaveValue(text);
  await expect(kira.messages).toHaveCount(0);

  await kira.composer.press('Backspace');
  await kira.composer.press('Enter');
  await ben.reads('x'.repeat(4_000));
  await expect(kira.composer).toHaveValue('');
});

test('a message of blanks is not sent', async ({ join }) => {
  const kira = await join('Kira');
  await kira.composer.press('Enter');
  await kira.says('   ');
  await kira.composer.press('Shift+Enter');
  await kira.composer.press('Enter');
  await kira.says('Words');
  await kira.reads('Words');
  await expect(kira.messages).toHaveCount(1);
});

test('a message with a control character is refused and stays in the composer', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('bell\u0007');
  await expect(kira.page.getByText("characters that can't be shown")).toBeVisible();
  await expect(kira.messages).toHaveCount(0);
  await expect(kira.composer).toHaveValue('bell\u0007');
});

/** "n characters left" or "n too many", below the text. */
function left(person: Person) {
  return person.page.getByText(/characters? left|too many/);
}
