import { closeCells, configCells } from './command-line/config-failures.ts';
import { hostileCells } from './command-line/hostile-prototype.ts';
import { inputCells } from './command-line/input-failures.ts';
import { interruptCells } from './command-line/interruptions.ts';
import {
  errorOutputCells,
  outputCells,
  reportCells,
  shortOutputCells,
} from './command-line/output-failures.ts';
import { testCells } from './command-line/run-cells.ts';
import { storeCells } from './command-line/store-failures.ts';

// Exit 0 means done and told. Every command of the built program meets every failure; a row is a line of its own.
testCells([
  ...storeCells,
  ...closeCells,
  ...configCells,
  ...interruptCells,
  ...outputCells,
  ...errorOutputCells,
  ...shortOutputCells,
  ...reportCells,
  ...inputCells,
  ...hostileCells,
]);
