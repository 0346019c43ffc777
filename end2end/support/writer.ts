// Someone who writes without a browser, by the forms that work without script: fills rooms quickly.
import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, request } from '@playwright/test';

export class Writer {
  private constructor(private readonly http: APIRequestContext) {}

  static async join(url: string, name: string): Promise<Writer> {
    // A browser says where a form comes from; so does this.
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

/** Numbered messages, "Message 1" to "Message n", one after the other. */
export async function fill(url: string, nMessages: number, room = 'lobby'): Promise<void> {
  const writer = await Writer.join(url, 'Scribe');
  for (let n = 1; n <= nMessages; n += 1) await writer.says(`Message ${n}`, room);
  await writer.leaves();
}

/** A UUIDv7 (RFC 9562, section 5.7). */
function mintId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
