// What someone sees of the log while it scrolls: where it stands, and whether it jumps.
import type { Locator, Page } from '@playwright/test';

export class Scroller {
  constructor(private readonly page: Page) {}

  /** To the oldest message that is loaded. */
  async toTop(): Promise<void> {
    await this.log.evaluate((log) => {
      let box: Element | null = log;
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
      box?.scrollTo({ top: 0, behavior: 'instant' });
    });
  }

  /**
   * Scrolls to the top and follows the message that is then uppermost, frame by frame, until older ones have come.
   * Says by how many pixels it was ever displaced, and the oldest seq there is then.
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
      const top = read.getBoundingClientRect().top;

      let displaced = 0;
      let settled = 0;
      for (let n = 0; n < 600 && settled < 15; n += 1) {
        await frame();
        displaced = Math.max(displaced, Math.abs(read.getBoundingClientRect().top - top));
        if (seqOf(articles()[0]) < oldest) settled += 1;
      }
      return { displaced, oldest: seqOf(articles()[0]) };
    });
  }

  private get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }
}
