// A person who posts without a browser, through the forms for browsers without script. Fills rooms quickly.
import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, request } from '@playwright/test';

export class Writer {
  private constructor(private readonly http: APIRequestContext) {}

  static async join(url: string, name: string): Promise<Writer> {
    // Browsers send Origin with a form.
    const http = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url }, maxRedirects: 0 });
    const answer = await http.post('/session', { form: { name } });
    expect(answer.status(), await answer.text()).toBe(303);
    return new Writer(http);
  }

  async says(body: string, room = 'lobby'): Promise<void> {
    const answer = await this.http.post(`/rooms/${room}/messages`, { form: { id: mintId(), body } });
    expect(answer.status(), body).toBe(303);
  }

  async creates(name: string, topic = ''): Promise<void> {
    const answer = await this.http.post('/rooms', { form: { name, topic } });
    expect(answer.status(), name).toBe(303);
  }

  async leaves(): Promise<void> {
    await this.http.post('/session/end');
    await this.http.dispose();
  }
}

/** Posts "Message 1" to "Message n", in this order. */
export async function fill(url: string, nMessages: number, room = 'lobby'): Promise<void> {
  const writer = await Writer.join(url, 'Scribe');
  for (let n = 1; n <= nMessages; n += 1) await writer.says(`Message ${n}`, room);
  await writer.leaves();
}

/** Returns a new UUIDv7 (RFC 9562, section 5.7). */
function mintId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
