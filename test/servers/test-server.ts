/** A server on loopback, with the ways in which one can go wrong. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** The present process: another one after `restart`. */
  readonly pid: number;
  /** Ends it in good order and removes its directory. */
  stop(): Promise<void>;
  /** Ends it as a crash would, with every process that it has started. */
  kill(): Promise<void>;
  /** Suspends it: connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port and directory, and ends it first if it runs. */
  restart(): Promise<void>;
}
