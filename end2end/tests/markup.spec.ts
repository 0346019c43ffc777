import type { Locator } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { tabTo } from '../support/keyboard';
import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { arrives, sends } from '../support/without_script';

/** One message with each kind of markup. */
const EVERYTHING = [
  '**bold** *italic* ~~gone~~ `a * b` ||hidden||',
  '[the docs](https://user@example.org/a?b) and https://example.org/b.',
  '> a quote',
  '> of two lines',
  '- one',
  '  - inside',
  '- two',
  '7. seven',
  '8. eight',
  '```rust',
  'fn main() {',
  '    let n = 1; // a comment',
  '    print("text");',
  '}',
  '```',
].join('\n');

test('what one person marks, the other sees marked', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says(EVERYTHING);
  await expectEverything(ben.messages);
  await expectEverything(kira.messages);
  const drawnByTheBrowser = await drawn(ben);
  await ben.page.reload();
  await ben.isIn('Lobby');
  await expectEverything(ben.messages);
  expect(await drawn(ben)).toBe(drawnByTheBrowser);
});

test('without script, markup is the same, and a spoiler opens', async ({ join, visit }) => {
  const kira = await join('Kira');
  await kira.says(EVERYTHING);
  const ben = await arrives(visit, 'Ben');
  await expectEverything(ben.messages);
  await expect(ben.messages.getByRole('button', { name: 'Copy code' })).toBeHidden();
  await expect(ben.messages.getByText('hidden', { exact: true })).toBeHidden();
  await ben.messages.locator('.spoiler').click();
  await expect(ben.messages.getByText('hidden', { exact: true })).toBeVisible();

  await sends(ben, 'And **mine**');
  await expect(kira.messages.locator('strong', { hasText: 'mine' })).toBeVisible();
});

test('a pending message is drawn with its markup', async ({ join }) => {
  const kira = await join('Kira');
  await kira.context.setOffline(true);
  await kira.says('**Soon**');
  await expect(kira.messages).toHaveAttribute('data-state', 'pending');
  await expect(kira.messages.locator('strong')).toHaveText('Soon');
  await kira.context.setOffline(false);
  await kira.reads('Soon');
});

test('text that looks like a link of another kind stays text', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  const body = '[press](javascript:alert(1)) <b onclick="alert(1)">not bold</b> &lt;';
  await kira.says(body);
  await ben.reads(body);
  await expect(ben.messages.locator('[data-body] *')).toHaveCount(0);
});

test('a spoiler opens by the keyboard, and a screen reader does not read it before', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('It was ||the butler||');
  const spoiler = kira.messages.getByRole('checkbox', { name: 'Show spoiler' });
  await expect(kira.messages.getByText('the butler')).toBeHidden();
  await tabTo(spoiler);
  await kira.page.keyboard.press('Space');
  await expect(kira.messages.getByText('the butler')).toBeVisible();
});

test('a shortcode becomes an emoji for everyone, and a few emoji are shown large', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Done :tada: `:tada:`');
  await ben.reads('Done 🎉 :tada:');
  await kira.says('👩‍👩‍👧‍👦 🇩🇪');
  await ben.reads('👩‍👩‍👧‍👦 🇩🇪');
  const size = (message: Locator) => message.locator('[data-body]').evaluate((body) => parseFloat(getComputedStyle(body).fontSize));
  expect(await size(ben.message('👩‍👩‍👧‍👦 🇩🇪'))).toBeGreaterThan(1.5 * (await size(ben.message('Done 🎉 :tada:'))));
});

test('a block of code is copied by its button', async ({ join }) => {
  const kira = await join('Kira');
  await kira.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await kira.says('```js\nlet a = "<b>";\n\n  a\n```');
  const copy = kira.messages.getByRole('button', { name: 'Copy code' });
  await tabTo(copy);
  await kira.page.keyboard.press('Enter');
  await expect(kira.messages.getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await kira.page.evaluate(() => navigator.clipboard.readText())).toBe('let a = "<b>";\n\n  a');
  await expect(copy).toBeVisible();
});

for (const [keys, marked] of [
  ['ControlOrMeta+b', 'a **word** more'],
  ['ControlOrMeta+i', 'a *word* more'],
  ['ControlOrMeta+Shift+x', 'a ~~word~~ more'],
  ['ControlOrMeta+e', 'a `word` more'],
] as const) {
  test(`${keys} marks the selection, removes the mark, and can be undone`, async ({ join }) => {
    const kira = await join('Kira');
    await kira.composer.fill('');
    await kira.types('a word more');
    await select(kira, 'word');
    await kira.page.keyboard.press(keys);
    await expect(kira.composer).toHaveValue(marked);
    expect(await selected(kira)).toBe('word');
    await kira.page.keyboard.press(keys);
    await expect(kira.composer).toHaveValue('a word more');
    expect(await selected(kira)).toBe('word');
    await kira.page.keyboard.press('ControlOrMeta+z');
    await expect(kira.composer).toHaveValue(marked);
    await kira.page.keyboard.press('ControlOrMeta+z');
    await expect(kira.composer).toHaveValue('a word more');
  });
}

test('pasting an address over text makes a link, and pasting rich text brings its words only', async ({ join }) => {
  const kira = await join('Kira');
  await kira.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await kira.composer.fill('see the docs!');
  await select(kira, 'the docs');
  await clipboard(kira, { 'text/plain': 'https://example.org/a' });
  await kira.page.keyboard.press('ControlOrMeta+v');
  await expect(kira.composer).toHaveValue('see [the docs](https://example.org/a)!');

  await kira.composer.fill('');
  await clipboard(kira, { 'text/plain': 'bold words', 'text/html': '<b>bold words</b>' });
  await kira.page.keyboard.press('ControlOrMeta+v');
  await expect(kira.composer).toHaveValue('bold words');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in markup, ${colorScheme}`, async ({ join }, testInfo) => {
    const kira = await join('Kira');
    const ben = await join('Ben', { colorScheme, reducedMotion: 'reduce' });
    await kira.says(EVERYTHING);
    await ben.says(EVERYTHING);
    await expect(ben.messages).toHaveCount(2);
    await ben.messages.last().locator('.spoiler').click();
    await expectAccessible(ben, colorScheme);
    await testInfo.attach(`markup-${colorScheme}.png`, { body: await ben.page.screenshot(), contentType: 'image/png' });
  });
}

async function expectEverything(message: Locator): Promise<void> {
  await expect(message.locator('strong')).toHaveText('bold');
  await expect(message.locator('em')).toHaveText('italic');
  await expect(message.locator('s')).toHaveText('gone');
  await expect(message.locator(':not(pre) > code')).toHaveText('a * b');
  const link = message.getByRole('link', { name: 'the docs' });
  await expect(link).toHaveAttribute('href', 'https://user@example.org/a?b');
  await expect(link).toHaveAttribute('title', 'example.org');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(message.getByRole('link', { name: 'https://example.org/b', exact: true })).toBeVisible();
  await expect(message.locator('blockquote')).toHaveText('a quote\nof two lines');
  await expect(message.locator('ul > li > ul > li')).toHaveText('inside');
  await expect(message.locator('ol[start="7"] > li')).toHaveText(['seven', 'eight']);
  const code = message.locator('pre');
  expect(await code.textContent()).toBe('fn main() {\n    let n = 1; // a comment\n    print("text");\n}');
  await expect(code.locator('span')).toHaveText(['fn', 'let', '1', '// a comment', '"text"']);
}

/** Returns the markup of the message's body, without the comments that the server writes for the framework. */
async function drawn(person: Person): Promise<string> {
  const html = await person.messages.locator('[data-body]').evaluate((body) => body.innerHTML);
  return html.replaceAll(/<!--.*?-->/g, '');
}

async function select(person: Person, words: string): Promise<void> {
  await person.composer.evaluate((area: HTMLTextAreaElement, words) => {
    const start = area.value.indexOf(words);
    area.setSelectionRange(start, start + words.length);
  }, words);
}

async function selected(person: Person): Promise<string> {
  return person.composer.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd));
}

async function clipboard(person: Person, texts: Record<string, string>): Promise<void> {
  await person.page.evaluate(async (texts) => {
    const blobs = Object.entries(texts).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }, texts);
  await person.composer.focus();
}
