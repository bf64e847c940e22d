import type { Output } from './io.ts';

/** How far a long command is. */
export interface ProgressBar {
  /** @param note what else there is to say, after the numbers. */
  update(done: number, total: number, note?: string): void;
  /** Writes a text of whole lines between what is drawn. */
  interrupt(text: string): void;
  /** Leaves the line, so that what is written next begins a new one. */
  end(): void;
}

const width = 24;
/** A terminal is slower than most of what is watched on it, in ms. */
const shortestPause = 100;

/**
 * On a terminal one line that is drawn anew, ten times a second; elsewhere, as in a log file, a line every ten
 * percent.
 *
 * @param now a clock, in ms.
 */
export function createProgressBar(output: Output, label: string, now = () => performance.now()): ProgressBar {
  let shown = '';
  let latest = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let furthest = 0;
  let tenths = 0;

  function draw(): void {
    if (latest === shown) return;
    // What is left of a longer line before would stay on the screen.
    output.write(`\r${latest.padEnd(shown.length)}`);
    shown = latest;
    drawnAt = now();
  }

  return {
    update(done, total, note = '') {
      // What is done at the same time may end in another order.
      furthest = Math.max(furthest, total === 0 ? 1 : Math.min(1, done / total));
      const percent = `${Math.floor(furthest * 100)} %`;
      if (output.isTTY) {
        const filled = Math.floor(furthest * width);
        latest = `${label} [${'#'.repeat(filled).padEnd(width, '-')}] ${percent} ${note}`.trimEnd();
        if (now() - drawnAt >= shortestPause) draw();
      } else if (Math.floor(furthest * 10) > tenths) {
        tenths = Math.floor(furthest * 10);
        output.write(`${label} ${percent} ${note}`.trimEnd().concat('\n'));
      }
    },
    interrupt(text) {
      if (shown !== '') output.write(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
      output.write(text);
    },
    end() {
      draw();
      if (shown !== '') output.write('\n');
      shown = '';
      latest = '';
    },
  };
}
