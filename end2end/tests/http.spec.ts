import type { APIRequestContext, APIResponse } from '@playwright/test';
import { expect, test } from '../support/test';
import { Writer } from '../support/writer';

test('pages carry a strict content security policy with a new nonce each time', async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ['/', '/no/such/page', '/']) {
    const answer = await request.get(path);
    const policy = directives(answer);
    expect(policy['default-src']).toEqual(["'none'"]);
    expect(policy['connect-src']).toEqual(["'self'"]);
    expect(policy['img-src']).toEqual(expect.arrayContaining(["'self'"]));
    expect(policy['base-uri']).toEqual(["'none'"]);
    expect(policy['form-action']).toEqual(["'self'"]);
    expect(policy['frame-ancestors']).toEqual(["'none'"]);

    const scripts = policy['script-src'] ?? [];
    expect(scripts).toContain("'wasm-unsafe-eval'");
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(scripts).not.toContain("'unsafe-eval'");
    const nonce = /^'nonce-(.{16,})'$/.exec(scripts.find((source) => source.startsWith("'nonce-")) ?? '')?.[1] ?? '';
    expect(nonce).not.toBe('');
    expect(nonces.has(nonce), 'the nonce was seen before').toBe(false);
    nonces.add(nonce);
    for (const [tag] of (await answer.text()).matchAll(/<script[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
  }
});

test('every response forbids MIME sniffing and sends no referrer to other sites', async ({ request, join }) => {
  const kira = await join('Kira');
  for (const path of ['/', '/rooms/lobby', '/no/such/page', '/healthz', '/readyz', await stylesheet(request)]) {
    const headers = (await kira.page.request.get(path)).headers();
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('no-referrer');
  }
});

test('caches may not store personal pages', async ({ join }) => {
  const kira = await join('Kira');
  for (const path of ['/', '/rooms/lobby']) {
    const headers = (await kira.page.request.get(path)).headers();
    expect(headers['cache-control'], path).toMatch(/no-store|no-cache|private/);
  }
});

test("assets are cached without limit and sent in the smallest encoding that the browser accepts", async ({ request, join }) => {
  const kira = await join('Kira');
  const paths = new Set<string>();
  kira.page.on('response', (response) => paths.add(new URL(response.url()).pathname));
  await kira.page.reload();
  await kira.isIn('Lobby');
  const own = [...paths].filter((path) => /\.(js|wasm|css)$/.test(path));
  expect(own).toContainEqual(expect.stringMatching(/\.wasm$/));
  expect(own).toContainEqual(expect.stringMatching(/\.js$/));
  expect(own).toContainEqual(expect.stringMatching(/\.css$/));

  for (const path of own) {
    const [br, gzip, identity] = await Promise.all(['br, gzip', 'gzip', 'identity'].map((encoding) => get(request, path, encoding)));
    expect(br?.headers()['content-encoding'], path).toBe('br');
    expect(gzip?.headers()['content-encoding'], path).toBe('gzip');
    expect(identity?.headers()['content-encoding'], path).toBeUndefined();
    for (const answer of [br, gzip, identity]) {
      expect(answer?.status(), path).toBe(200);
      expect(answer?.headers()['cache-control'], path).toMatch(/max-age=31536000.*immutable|immutable.*max-age=31536000/);
      expect(answer?.headers().vary?.toLowerCase(), path).toContain('accept-encoding');
      expect(await answer?.body(), path).toEqual(await identity?.body());
    }
  }
});

test('scripts and other sites cannot read the session cookie', async ({ join }) => {
  const kira = await join('Kira');
  const cookie = (await kira.context.cookies()).find(({ name }) => name === 'hubbub_session');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  expect(await kira.page.evaluate(() => document.cookie)).not.toContain('hubbub_session');
});

test('a form that another site submits is refused', async ({ server, request }) => {
  const answer = await request.post('/session', {
    form: { name: 'Kira' },
    headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(403);
  const kira = await Writer.join(server.url, 'Kira');
  await kira.leaves();
});

test('the health checks answer that the server is alive and ready', async ({ request }) => {
  for (const path of ['/healthz', '/readyz']) expect((await request.get(path)).status(), path).toBe(200);
});

function get(request: APIRequestContext, path: string, encoding: string): Promise<APIResponse> {
  return request.get(path, { headers: { 'accept-encoding': encoding } });
}

async function stylesheet(request: APIRequestContext): Promise<string> {
  const page = await (await request.get('/')).text();
  const href = /href="([^"]+\.css)"/.exec(page)?.[1];
  if (!href) throw new Error('the page has no stylesheet');
  return href;
}

/** The policy's directives with their sources. */
function directives(answer: APIResponse): Record<string, string[]> {
  const policy = answer.headers()['content-security-policy'] ?? '';
  return Object.fromEntries(
    policy
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources]),
  );
}
