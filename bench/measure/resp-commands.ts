/** Reads the names of the commands in what a client sends (RESP arrays of bulk strings), however it is cut. */
export function createCommandReader(): (bytes: Buffer) => string[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const names: string[] = [];
    for (let command = readCommand(rest); command; command = readCommand(rest)) {
      names.push(command.name);
      rest = rest.subarray(command.length);
    }
    return names;
  };
}

/** The first command in `bytes`, or undefined where it is not complete. */
function readCommand(bytes: Buffer): { name: string; length: number } | undefined {
  const count = readNumber(bytes, 0);
  if (!count) return undefined;
  let name = '';
  let at = count.end;
  for (let index = 0; index < count.value; index++) {
    const size = readNumber(bytes, at);
    if (!size || bytes.length < size.end + size.value + 2) return undefined;
    if (index === 0) name = bytes.toString('latin1', size.end, size.end + size.value).toUpperCase();
    at = size.end + size.value + 2;
  }
  return { name, length: at };
}

/** A line such as `*3` or `$11`. */
function readNumber(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  const end = bytes.indexOf('\r\n', at, 'latin1');
  return end === -1 ? undefined : { value: Number(bytes.toString('latin1', at + 1, end)), end: end + 2 };
}
