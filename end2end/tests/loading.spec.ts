import { expect, test } from '../support/test';
import { fill } from '../support/writer';

/** The most compressed bytes until a room is interactive, with the headers of the responses. */
const FIRST_LOAD_BYTES = 226_000;
/** The largest layout shift that people hardly notice. A page up to 0.1 counts as good (web.dev/cls). */
const MOST_LAYOUT_SHIFT = 0.02;

test.use({ settings: { 'posts-per-minute': 0 } });

for (const [what, viewport] of [
  ['wide screen', { width: 1440, height: 900 }],
  ['phone', { width: 375, height: 667 }],
] as const) {
  test(`nothing jumps while a room loads on a ${what}`, async ({ server, join }) => {
    await fill(server.url, 80);
    const kira = await join('Kira', { viewport });
    await kira.page.addInitScript(() => {
      const shifts: { value: number; what: string[] }[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as { value: number; sources: { node: Node | null }[] }[]) {
          const what = entry.sources.map(({ node }) => (node instanceof Element ? `${node.tagName}.${node.className}` : `${node?.nodeName}`));
          shifts.push({ value: entry.value, what });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await kira.page.reload();
    await kira.isIn('Lobby');
    await expect(kira.message('Message 80')).toBeInViewport();
    await kira.says('Settled');
    await kira.reads('Settled');

    const shifts = await kira.page.evaluate(() => (window as unknown as { shifts: { value: number; what: string[] }[] }).shifts);
    const total = shifts.reduce((sum, { value }) => sum + value, 0);
    expect(total, JSON.stringify(shifts)).toBeLessThanOrEqual(MOST_LAYOUT_SHIFT);
  });
}

test(`the first visit to a room loads at most ${FIRST_LOAD_BYTES / 1000} KB in all`, async ({ server, join, visit }) => {
  await fill(server.url, 60);
  const { context } = await join('Kira');
  const fresh = await visit('Kira', { storageState: await context.storageState() });
  const devtools = await fresh.context.newCDPSession(fresh.page);
  await devtools.send('Network.enable');
  const urls = new Map<string, string>();
  const bytes: [string, number][] = [];
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.push([new URL(urls.get(requestId) ?? server.url).pathname, encodedDataLength]),
  );
  await fresh.open('/rooms/lobby');
  await fresh.isIn('Lobby');
  await fresh.page.waitForLoadState('networkidle');

  const total = bytes.reduce((sum, [, n]) => sum + n, 0);
  test.info().annotations.push({ type: 'first load', description: `${total} bytes: ${JSON.stringify(bytes)}` });
  expect(bytes.map(([path]) => path)).toContainEqual(expect.stringMatching(/\.wasm$/));
  expect(total, JSON.stringify(bytes)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

test('nothing is loaded from another host', async ({ server, visit }) => {
  const kira = await visit('Kira');
  const hosts = new Set<string>();
  kira.page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await kira.open('/');
  await kira.joins();
  await kira.isIn('Lobby');
  expect([...hosts]).toEqual([server.url]);
});

test('nothing moves when the system asks for reduced motion', async ({ join }) => {
  const kira = await join('Kira', { reducedMotion: 'reduce' });
  const ben = await join('Ben');
  const moving = () =>
    kira.page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().activeDuration) > 10)
        .map((animation) => `${(animation as CSSAnimation).animationName ?? 'transition'}`),
    );
  await ben.types('Hello');
  await expect(kira.page.getByText('Ben is typing')).toBeVisible();
  expect(await moving()).toEqual([]);
  await ben.says('Hello!');
  await kira.reads('Hello!');
  expect(await moving()).toEqual([]);
  await kira.newRoom.click();
  await expect(kira.dialog).toBeVisible();
  expect(await moving()).toEqual([]);
});

test('with reduced motion, everything in a drawer is there as soon as it opens', async ({ join }) => {
  const kira = await join('Kira', { reducedMotion: 'reduce', viewport: { width: 375, height: 667 } });
  const hidden = await kira.page.getByRole('button', { name: 'People' }).evaluate(async (button: HTMLElement) => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    button.click();
    await nextFrame();
    await nextFrame();
    const parts = [...document.querySelectorAll('.people, .people *')];
    return parts.filter((part) => getComputedStyle(part).visibility !== 'visible').map((part) => part.outerHTML.slice(0, 60));
  });
  expect(hidden).toEqual([]);
});
