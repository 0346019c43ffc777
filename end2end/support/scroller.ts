// Scrolls the log and measures whether the visible messages move.
import type { Locator, Page } from '@playwright/test';

export class Scroller {
  constructor(private readonly page: Page) {}

  /** Scrolls to the oldest loaded message. */
  async toTop(): Promise<void> {
    await this.log.evaluate((log) => {
      let box: Element | null = log;
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
      box?.scrollTo({ top: 0, behavior: 'instant' });
    });
  }

  /**
   * Scrolls to the top and watches the text of the uppermost message, frame by frame, until older messages are loaded.
   * Returns the largest displacement of that text in pixels, and the oldest seq on the page.
   */
  async readOlder(): Promise<{ displaced: number; oldest: number }> {
    return this.log.evaluate(async (log) => {
      const frame = () => new Promise(requestAnimationFrame);
      const articles = () => [...log.querySelectorAll('[role=article], article')];
      const seqOf = (article: Element | undefined) => Number(article?.getAttribute('data-seq'));
      let box: Element | null = log;
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
      if (!box) throw new Error('the log does not scroll');

      const oldest = seqOf(articles()[0]);
      box.scrollTo({ top: 0, behavior: 'instant' });
      const edge = box.getBoundingClientRect().top;
      const read = articles().find((article) => article.getBoundingClientRect().bottom > edge);
      if (!read) throw new Error('no message is in view');
      const text = read.querySelector('[data-body]') ?? read;
      const top = text.getBoundingClientRect().top;

      let displaced = 0;
      let settled = 0;
      for (let n = 0; n < 600 && settled < 15; n += 1) {
        await frame();
        displaced = Math.max(displaced, Math.abs(text.getBoundingClientRect().top - top));
        if (seqOf(articles()[0]) < oldest) settled += 1;
      }
      return { displaced, oldest: seqOf(articles()[0]) };
    });
  }

  private get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }
}
