// Pages whose clock runs faster than the real one, so that a test of long waits is short.
import type { Person } from './person';

/**
 * Makes time pass `factor` times as fast in all pages of a person: `Date.now()` and timers. To be called before the
 * person's first page. Requests and the server keep the real time.
 */
export async function speedUpClock({ context }: Person, factor: number): Promise<void> {
  await context.addInitScript(
    // Every page gets the same `start`, so that a reload doesn't set the clock back.
    ({ start, factor }) => {
      const now = Date.now.bind(Date);
      Date.now = () => Math.round(start + (now() - start) * factor);
      for (const name of ['setTimeout', 'setInterval'] as const) {
        const set: (handler: TimerHandler, ms?: number) => number = window[name].bind(window);
        Object.assign(window, { [name]: (handler: TimerHandler, ms = 0) => set(handler, ms / factor) });
      }
    },
    { start: Date.now(), factor },
  );
}
