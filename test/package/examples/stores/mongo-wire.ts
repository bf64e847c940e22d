import type { Socket } from 'node:net';
import { BSON } from 'mongodb';

const headerSize = 16;
const opMsg = 2013;

/** Hears the commands on a connection: OP_MSG, with its body and its sequences of documents. */
export function readCommands(
  socket: Socket,
  heard: (requestId: number, command: Record<string, unknown>) => void,
): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, Buffer.from(chunk)]);
    while (pending.length >= headerSize && pending.length >= pending.readInt32LE(0)) {
      const message = pending.subarray(0, pending.readInt32LE(0));
      pending = pending.subarray(message.length);
      if (message.readInt32LE(12) !== opMsg) throw new Error('This stand-in hears OP_MSG only.');
      heard(message.readInt32LE(4), commandOf(message.subarray(headerSize + 4)));
    }
  });
}

function commandOf(sections: Buffer): Record<string, unknown> {
  const command: Record<string, unknown> = {};
  for (let at = 0; at < sections.length; ) {
    const kind = sections[at];
    const size = sections.readInt32LE(at + 1);
    const section = sections.subarray(at + 1, at + 1 + size);
    at += 1 + size;
    if (kind === 0) Object.assign(command, BSON.deserialize(section));
    else {
      const nameEnd = section.indexOf(0, 4);
      command[section.toString('utf8', 4, nameEnd)] = documentsIn(section.subarray(nameEnd + 1));
    }
  }
  return command;
}

function documentsIn(bytes: Buffer): unknown[] {
  const documents: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readInt32LE(at);
    documents.push(BSON.deserialize(bytes.subarray(at, at + size)));
    at += size;
  }
  return documents;
}

/** An OP_MSG with nothing but a body. */
export function encodeReply(requestId: number, reply: Record<string, unknown>): Buffer {
  const body = BSON.serialize(reply);
  const head = Buffer.alloc(headerSize + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(opMsg, 12);
  return Buffer.concat([head, body]);
}
