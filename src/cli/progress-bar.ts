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

/** On a terminal one line that is drawn anew; elsewhere, as in a log file, a line every ten percent. */
export function createProgressBar(output: Output, label: string): ProgressBar {
  let shown = '';
  let tenths = 0;

  function redraw(line: string): void {
    if (line === shown) return;
    // What is left of a longer line before would stay on the screen.
    output.write(`\r${line.padEnd(shown.length)}`);
    shown = line;
  }

  return {
    update(done, total, note = '') {
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const percent = `${Math.floor(share * 100)} %`;
      if (output.isTTY) {
        const filled = Math.floor(share * width);
        redraw(`${label} [${'#'.repeat(filled).padEnd(width, '-')}] ${percent} ${note}`.trimEnd());
      } else if (Math.floor(share * 10) > tenths) {
        tenths = Math.floor(share * 10);
        output.write(`${label} ${percent} ${note}`.trimEnd().concat('\n'));
      }
    },
    interrupt(text) {
      if (shown !== '') output.write(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
      output.write(text);
    },
    end() {
      if (shown !== '') output.write('\n');
      shown = '';
    },
  };
}
