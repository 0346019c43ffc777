// A reader who scrolls through the log, and what the page shows meanwhile.
import type { Page } from '@playwright/test';

/** What a reader saw on the way. */
export interface Journey {
  /** The seqs of the messages, each when it first came into view. */
  seen: number[];
  /** The largest number of messages that the page had. */
  mostDrawn: number;
  /** By how many pixels a message moved further than the reader scrolled. */
  largestJump: number;
  /** The longest time between two frames. */
  longestFrameMs: number;
}

export class Reader {
  constructor(private readonly page: Page) {}

  /** Turns the wheel, half a window a frame, until the log has reached one end and stays there. */
  async readsTo(end: 'beginning' | 'end'): Promise<Journey> {
    return this.page.locator('#timeline').evaluate(async (box, up) => {
      const frame = () => new Promise<number>(requestAnimationFrame);
      const articles = () => [...box.querySelectorAll('article')];
      const top = (element: Element) => element.getBoundingClientRect().top;
      const journey = { seen: [] as number[], mostDrawn: 0, largestJump: 0, longestFrameMs: 0 };
      const seen = new Set<number>();
      const look = () => {
        const { top, bottom } = box.getBoundingClientRect();
        const all = articles();
        journey.mostDrawn = Math.max(journey.mostDrawn, all.length);
        const visible = all.filter((article) => {
          const place = article.getBoundingClientRect();
          return place.bottom > top && place.top < bottom;
        });
        const seqs = visible.map((article) => Number(article.getAttribute('data-seq')));
        for (const seq of up ? seqs.reverse() : seqs) {
          if (!seen.has(seq)) journey.seen.push(seq);
          seen.add(seq);
        }
        return visible[Math.floor(visible.length / 2)]?.querySelector('[data-body]');
      };

      let last = await frame();
      const step = box.clientHeight / 2;
      let still = 0;
      for (let n = 0; n < 4_000 && still < 30; n += 1) {
        const watched = look();
        const before = watched ? top(watched) : 0;
        const room = up ? box.scrollTop : box.scrollHeight - box.clientHeight - box.scrollTop;
        const moves = Math.min(step, room);
        box.scrollBy({ top: up ? -moves : moves, behavior: 'instant' });
        // Two frames: the page draws what the reader needs next.
        for (let i = 0; i < 2; i += 1) {
          const now = await frame();
          journey.longestFrameMs = Math.max(journey.longestFrameMs, Math.round(now - last));
          last = now;
        }
        if (watched?.isConnected) {
          const moved = top(watched) - before - (up ? moves : -moves);
          journey.largestJump = Math.max(journey.largestJump, Math.abs(moved));
        }
        still = room < 1 ? still + 1 : 0;
      }
      look();
      return journey;
    }, end === 'beginning');
  }
}
