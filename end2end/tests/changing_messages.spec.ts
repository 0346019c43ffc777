// Messages that change: edited, deleted, reacted to, answered, pinned.
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/test';
import { Wire } from '../support/wire';
import { fill } from '../support/writer';

test('an edited message has its new text for everyone, and its author sees the earlier texts', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Tea at four?');
  await ben.reads('Tea at four?');

  await kira.acts('Tea at four?', 'Edit');
  const form = kira.page.getByRole('textbox', { name: 'Edit message' });
  await expect(form).toBeFocused();
  await form.fill('Tea at five?');
  await kira.page.getByRole('button', { name: 'Save' }).click();

  await ben.reads('Tea at five?');
  await expect(ben.messages).toHaveCount(1);
  await expect(ben.message('Tea at five?')).toHaveAttribute('data-edited');
  await kira.page.getByRole('button', { name: 'edited' }).click();
  const history = kira.page.getByRole('dialog', { name: 'History' });
  await expect(history.locator('[data-body]')).toHaveText(['Tea at five?', 'Tea at four?']);
});

test('the up arrow in an empty composer edits the last own message, and Escape leaves it as it was', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Mine');
  await ben.says('Not mine');
  await kira.reads('Not mine');

  await kira.composer.press('ArrowUp');
  const form = kira.page.getByRole('textbox', { name: 'Edit message' });
  await expect(form).toHaveValue('Mine');
  await form.fill('Something else');
  await form.press('Escape');
  await kira.reads('Mine');
  await expect(kira.composer).toBeFocused();

  await kira.composer.press('ArrowUp');
  await form.fill('Still mine');
  await form.press('Enter');
  await ben.reads('Still mine');
});

test('an edit form keeps its text when the message is deleted by another tab', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('Draft');
  const tab = await kira.context.newPage();
  await tab.goto('/rooms/lobby');
  await kira.acts('Draft', 'Edit');
  const form = kira.page.getByRole('textbox', { name: 'Edit message' });
  await form.fill('A better draft');

  const other = tab.getByRole('article').filter({ hasText: 'Draft' });
  await other.hover();
  await other.getByRole('button', { name: 'Delete' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();

  await expect(kira.page.getByText('This message was deleted meanwhile')).toBeVisible();
  await expect(form).toHaveValue('A better draft');
});

test('a deleted message is asked for once and leaves a tombstone', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Never mind');
  await ben.reads('Never mind');

  await kira.acts('Never mind', 'Delete');
  const dialog = kira.page.getByRole('dialog', { name: 'Delete message?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await kira.reads('Never mind');
  await kira.acts('Never mind', 'Delete');
  await dialog.getByRole('button', { name: 'Delete' }).click();

  for (const person of [kira, ben]) {
    await expect(person.messages).toHaveAttribute('data-state', 'deleted');
    await expect(person.messages).toHaveText(/This message was deleted/);
    await expect(person.page.getByText('Never mind')).toHaveCount(0);
  }
});

test('only the author of a message can edit and delete it', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Mine');
  await ben.reads('Mine');
  await ben.message('Mine').hover();
  const actions = ben.message('Mine').getByRole('toolbar', { name: 'Message actions' });
  await expect(actions.getByRole('button')).toHaveCount(5);
  await expect(actions.getByRole('button', { name: 'Edit' })).toHaveCount(0);
});

test('reactions are counted, toggled by one press, and named in a tooltip', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Cake!');
  await ben.reads('Cake!');

  await ben.acts('Cake!', 'React');
  const picker = ben.page.getByRole('dialog', { name: 'Emoji' });
  await picker.getByRole('searchbox', { name: 'Search emoji' }).fill('thumbs up');
  await picker.getByRole('button', { name: 'thumbs up', exact: true }).click();

  const chip = kira.message('Cake!').getByRole('button', { name: 'thumbs up, 1' });
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await chip.click();
  await expect(ben.message('Cake!').getByRole('button', { name: 'thumbs up, 2' })).toHaveAttribute('aria-pressed', 'true');
  // The pointer still rests on the chip.
  await expect(kira.page.getByRole('tooltip')).toHaveText('Ben, Kira');
  await kira.message('Cake!').getByRole('button', { name: 'thumbs up, 2' }).click();
  await expect(ben.message('Cake!').getByRole('button', { name: 'thumbs up, 1' })).toBeVisible();
});

test('an answer quotes its message, and the answers of a message are listed beside it', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('Tea or coffee?');
  await ben.reads('Tea or coffee?');

  await ben.acts('Tea or coffee?', 'Reply');
  await expect(ben.page.getByText('Replying to Kira')).toBeVisible();
  await ben.says('Tea');
  await kira.reads('Tea');
  await expect(kira.message('Tea').getByRole('link', { name: /^In reply to Kira: Tea or coffee\?/ })).toBeVisible();

  await kira.message('Tea or coffee?').getByRole('button', { name: '1 reply' }).click();
  const panel = kira.page.getByRole('complementary', { name: 'Replies' });
  await expect(panel.locator('[data-body]')).toHaveText(['Tea or coffee?', 'Tea']);
  await panel.getByRole('textbox', { name: 'Reply' }).fill('Tea it is');
  await panel.getByRole('textbox', { name: 'Reply' }).press('Enter');
  await ben.reads('Tea it is');
  await expect(ben.message('Tea or coffee?').getByRole('button', { name: '2 replies' })).toBeVisible();
  await panel.getByRole('textbox', { name: 'Reply' }).press('Escape');
  await expect(panel).toHaveCount(0);
});

test('a pinned message is listed at the head of the room and leads to its place', async ({ join }) => {
  const kira = await join('Kira');
  const ben = await join('Ben');
  await kira.says('The door code is 4711');
  await ben.reads('The door code is 4711');
  await ben.acts('The door code is 4711', 'Pin');

  await kira.page.locator('summary', { hasText: '1' }).click();
  const pins = kira.page.getByRole('list', { name: 'Pinned messages' });
  await expect(pins.getByRole('listitem')).toHaveText([/The door code is 4711/]);
  await pins.getByRole('link').click();
  await expect(kira.message('The door code is 4711')).toHaveAttribute('data-target');
});

test('a permalink opens the room at its message', async ({ join, server }) => {
  const kira = await join('Kira');
  await kira.says('Here it began');
  await kira.reads('Here it began');
  const id = await kira.message('Here it began').getAttribute('id');
  await fill(server.url, 90);

  await kira.open(`/rooms/lobby?at=${id?.replace('m-', '')}`);
  await expect(kira.message('Here it began')).toHaveAttribute('data-target');
  await expect(kira.message('Here it began')).toBeInViewport();
});

test('edits, deletions and reactions made offline arrive once', async ({ join, visit }) => {
  const kira = await visit('Kira');
  const wire = await Wire.hold(kira);
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');
  const ben = await join('Ben');
  for (const text of ['One', 'Two', 'Three']) await kira.says(text);
  await ben.reads('Three');

  await wire.cut();
  await kira.acts('One', 'Edit');
  await kira.page.getByRole('textbox', { name: 'Edit message' }).fill('First');
  await kira.page.getByRole('textbox', { name: 'Edit message' }).press('Enter');
  await kira.acts('Two', 'Delete');
  await kira.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(kira.message('First')).toHaveAttribute('data-state', 'pending');
  wire.restore();

  await ben.reads('First');
  await expect(ben.messages.nth(1)).toHaveAttribute('data-state', 'deleted');
  await kira.reads('First');
  await expect(ben.messages).toHaveCount(3);
});

test('messages are acted on by the keyboard alone', async ({ join }) => {
  const kira = await join('Kira');
  await kira.says('One');
  await kira.says('Two');
  await kira.reads('Two');

  await kira.page.getByRole('region', { name: 'Timeline' }).focus();
  await kira.page.keyboard.press('ArrowUp');
  await expect(kira.message('Two')).toBeFocused();
  await kira.page.keyboard.press('ArrowUp');
  await expect(kira.message('One')).toBeFocused();
  await kira.page.keyboard.press('Tab');
  await expect(kira.page.getByRole('button', { name: 'React' })).toBeFocused();
  await kira.page.keyboard.press('ArrowRight');
  await expect(kira.page.getByRole('button', { name: 'Reply' })).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what changes about messages is accessible in the ${colorScheme} theme`, async ({ join }) => {
    const kira = await join('Kira', { colorScheme });
    await kira.says('Cake!');
    await kira.reads('Cake!');
    await kira.acts('Cake!', 'React');
    await expect(kira.page.getByRole('button', { name: 'grinning face', exact: true })).toBeVisible();
    await expectAccessible(kira, 'the picker');
    await kira.page.getByRole('button', { name: 'grinning face', exact: true }).click();
    await kira.acts('Cake!', 'Pin');
    await kira.acts('Cake!', 'Edit');
    await expectAccessible(kira, 'a message being edited');
    await kira.page.getByRole('button', { name: 'Cancel' }).click();
    await kira.acts('Cake!', 'Reply');
    await kira.says('With tea');
    await kira.message('Cake!').getByRole('button', { name: '1 reply' }).click();
    await kira.message('Cake!').first().hover();
    await expectAccessible(kira, 'a thread and a toolbar');
  });
}
