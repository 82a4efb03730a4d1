import type { Socket } from 'node:net';
import type { MessageResponse, SearchEntry, SearchResponse } from 'ldapts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { type Codec, encode, type Request } from './codec.ts';
import { takeFrames } from './frames.ts';

/** What the server said to one request. */
export interface Reply {
  readonly code: number;
  readonly message: string;
  readonly entries: readonly SearchEntry[];
  /** Continuations to other servers; nobody follows them. */
  readonly references: number;
  /** Where the next page begins. */
  readonly cookie?: Buffer | undefined;
}

/** `unsent`: it never left; `broken`: it may have been done; `too-large`: the answers are. */
export type Exchanged =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'unsent' | 'broken' | 'too-large' };

/** What an entry takes at least, besides what it holds. */
const ENTRY_CHARACTERS = 100;

interface Waiting {
  readonly message: ReturnType<typeof encode>;
  readonly entries: SearchEntry[];
  references: number;
  characters: number;
  readonly settle: (exchanged: Exchanged) => void;
}

/**
 * One TCP connection, on which requests and answers go by numbers. It takes the library's messages and not its client,
 * which opens another connection by itself when one is gone, unauthenticated; ends a paged search at an empty page; and
 * writes requests, passwords included, to Node's debug log. Once it is closed it stays closed.
 */
export class Connection {
  readonly #codec: Codec;
  readonly #parser: InstanceType<Codec['MessageParser']>;
  readonly #idleMs: number;
  readonly #waiting = new Map<string, Waiting>();
  #socket: Socket;
  #lastId = 0;
  #rest: Buffer = Buffer.alloc(0);
  #isClosed = false;

  /** `idleMs`: how long it may stand unused. What is sent into one that was forgotten on the way is lost and stays open. */
  constructor(codec: Codec, socket: Socket, idleMs: number = BOUNDS.outboundIdleMs) {
    this.#codec = codec;
    this.#idleMs = idleMs;
    this.#parser = new codec.MessageParser();
    this.#parser.on('message', (message) => this.#answered(message));
    // Whatever comes after what cannot be read cannot be read either.
    this.#parser.on('error', () => this.close());
    this.#socket = socket;
    this.#listen();
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Sends one request; ends when it is answered, `signal` aborts or the connection is gone. Never throws for what a server does. */
  send(request: Request, signal: AbortSignal): Promise<Exchanged> {
    if (this.#isClosed || signal.aborted) return Promise.resolve({ kind: 'unsent' });
    // Numbers are never given twice: an answer that comes too late is nobody's.
    const id = ++this.#lastId;
    const message = encode(this.#codec, request, id);
    const bytes = message.write();
    return new Promise((resolve) => {
      const giveUp = () => settle({ kind: 'broken' });
      const settle = (exchanged: Exchanged) => {
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(`${id}`);
        resolve(exchanged);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.set(`${id}`, { message, entries: [], references: 0, characters: 0, settle });
      this.#socket.write(bytes);
    });
  }

  /** Goes on over the socket that stands for the same connection, encrypted. Nothing may be under way. */
  upgrade(socket: Socket): void {
    this.#socket.removeAllListeners('data').setTimeout(0);
    this.#socket = socket;
    this.#listen();
  }

  /** The plain socket, for {@link upgrade}; undefined where bytes came that nobody asked for: they would be read as if they had been encrypted. */
  get idleSocket(): Socket | undefined {
    return this.#isClosed || this.#rest.length > 0 || this.#waiting.size > 0 ? undefined : this.#socket;
  }

  close(): void {
    this.#giveUp('broken');
  }

  #giveUp(kind: 'broken' | 'too-large'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.destroy();
    for (const { settle } of [...this.#waiting.values()]) settle({ kind });
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
    socket.on('end', () => this.close());
    socket.setTimeout(this.#idleMs, () => {
      if (this.#waiting.size === 0) this.close();
    });
  }

  #read(bytes: Buffer): void {
    const { frames, rest, isBroken } = takeFrames(Buffer.concat([this.#rest, bytes]));
    this.#rest = rest;
    for (const frame of frames) this.#parser.read(frame, this.#waiting);
    if (isBroken) this.close();
    // What one message may hold before it is whole: without a bound four gigabytes are waited for.
    if (rest.length > BOUNDS.responseBytes) this.#giveUp('too-large');
  }

  #answered(message: MessageResponse): void {
    const waiting = this.#waiting.get(`${message.messageId}`);
    if (waiting === undefined) return;
    const { SearchEntry, SearchReference } = this.#codec;
    if (message instanceof SearchEntry) this.#entry(waiting, message);
    else if (message instanceof SearchReference) waiting.references += 1;
    else waiting.settle({ kind: 'reply', reply: this.#replyOf(message, waiting) });
  }

  #entry(waiting: Waiting, entry: SearchEntry): void {
    waiting.characters += ENTRY_CHARACTERS + entry.name.length + JSON.stringify(entry.attributes).length;
    waiting.entries.push(entry);
    // The others on this connection are asked again by whoever asked for them.
    if (waiting.characters > BOUNDS.pagedCharacters) this.#giveUp('too-large');
  }

  #replyOf(message: MessageResponse | SearchResponse, { entries, references }: Waiting): Reply {
    const paged = message.controls?.find((control) => control instanceof this.#codec.PagedResultsControl);
    const cookie = paged instanceof this.#codec.PagedResultsControl ? paged.value?.cookie : undefined;
    return {
      code: message.status,
      message: message.errorMessage,
      entries,
      references,
      cookie: cookie !== undefined && cookie.length > 0 ? cookie : undefined,
    };
  }
}
