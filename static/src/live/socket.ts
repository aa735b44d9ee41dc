/**
 * One connection to the server that comes back by itself: hello, refs, replies, beats, closing codes.
 *
 * Invariants: a pushed command gets exactly one `Reply`; at most `limits.in_flight` writes are
 * unanswered at a time, the rest wait here in order; nothing of an earlier link is heard after a
 * newer one opened. What is lost with a link is the caller's to send again (outbox.ts does).
 */

import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import {
  CLOSE,
  type Command,
  DEFAULT_LIMITS,
  decode,
  type Frame,
  frameBytes,
  type Hello,
  type Limits,
  type Ok,
  PROTOCOL,
  type WireError,
} from "./wire.ts";

/** What the socket needs of a browser's WebSocket. */
export interface Transport {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}

/**
 * `lost`: nobody can say whether the server did it. `code` is the close code that ended the link,
 * 0 when the command never left or got no answer in time.
 */
export type Reply =
  | { status: "ok"; ok: Ok }
  | { status: "error"; error: WireError }
  | { status: "lost"; code: number };

export type SocketState =
  | "idle"
  | "connecting"
  | "live"
  /** Between two attempts. */
  | "waiting"
  /** 4409: another socket of this member took the place; back when the tab is used. */
  | "paused"
  | "signed-out"
  /** The session now belongs to somebody else than the page. */
  | "other-member"
  /** 4400, or a `hello` of another protocol: only a reload helps. */
  | "outdated";

/** Where frames go that are no replies. `event` says whether it stands in order (then it is seen). */
export interface Inbox {
  event(frame: Frame & { topic: string; seq: number; event: string }): boolean;
  frame(frame: Frame): void;
  beat(heads: Record<string, number>): void;
}

export interface SocketOptions {
  /** The member the page was rendered for. */
  member: number;
  open(): Transport;
  /** Status of `GET /api/v1/me/`, 0 when there was no answer. */
  askMe(): Promise<number>;
  clock: Clock;
  random(): number;
  inbox: Inbox;
  onHello(hello: Hello): void;
  onChange(): void;
}

const HELLO_MS = 15_000;
const ANSWER_MS = 15_000;
const PROBE_MS = 4_000;
const SILENT_MS = 75_000;
/** A link that lived so long ends the back-off; a crash loop right after `hello` does not. */
const STABLE_MS = 10_000;
const FLOOD_MS = 10_000;
const SEEN_MS = 2_000;
const SEEN_EVENTS = 64;

interface Push {
  command: Command;
  resolve(reply: Reply): void;
  cancelTimeout(): void;
}

const cancelTimeout = (): void => undefined;

export class Socket {
  state: SocketState = "idle";
  /** Attempts since the last `hello`. */
  failures = 0;
  limits: Limits = DEFAULT_LIMITS;
  readonly #options: SocketOptions;
  #link: Transport | null = null;
  #attempt = 0;
  #ref = 0;
  #heardAt = 0;
  #retryMs: number | null = null;
  #pushes = new Map<number, Push>();
  #queue: Push[] = [];
  #heads: Record<string, number> = {};
  #unseen = 0;
  #timers = new Map<string, () => void>();

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /** Connects unless connected or on the way. */
  connect(): void {
    if (this.#link) return;
    this.#cancel("retry");
    this.#enter("connecting");
    const link = this.#options.open();
    this.#link = link;
    let opened = false;
    link.onopen = () => {
      opened = true;
    };
    link.onmessage = ({ data }: { data: unknown }) => {
      if (this.#link === link && typeof data === "string") this.#hear(data);
    };
    link.onclose = ({ code }: { code: number }) => {
      if (this.#link === link) this.#lost(code, opened);
    };
    this.#after("hello", HELLO_MS, () => this.#drop(opened));
  }

  /** Ends the link and stays away until `connect`. */
  disconnect(): void {
    this.#leave(0);
    this.#enter("idle");
  }

  /** The browser says `online` or `offline`, or the tab is used again: find out at once. */
  wake(): void {
    if (this.state === "live") {
      // A link that outlived its network looks open: whether it is, only an answer tells.
      this.#send({ command: { cmd: "ping" }, resolve: () => undefined, cancelTimeout }, PROBE_MS);
    } else if (this.state === "waiting" || this.state === "paused" || this.state === "signed-out") {
      this.connect();
    }
  }

  /** REST said that nobody is signed in any more. */
  signedOut(): void {
    this.#end("signed-out");
  }

  /** REST said that somebody else is signed in. */
  otherMember(): void {
    this.#end("other-member");
  }

  /** Sends `command` and promises its one reply; writes beyond `in_flight` wait their turn. */
  push(command: Command): Promise<Reply> {
    return new Promise((resolve) => {
      if (this.state !== "live") {
        resolve({ status: "lost", code: 0 });
        return;
      }
      const push: Push = { command, resolve, cancelTimeout };
      if (command.key !== undefined && this.#writesInFlight() >= this.limits.in_flight) {
        this.#queue.push(push);
      } else {
        this.#send(push);
      }
    });
  }

  /** Best effort and unanswered; dropped when not live. */
  signal(topic: string, signal: string, data: unknown): void {
    this.#write({ cmd: "signal", topic, signal, data });
  }

  /** Whether a command fits the frame the server takes. */
  fits(command: Command): boolean {
    return frameBytes(command) <= this.limits.frame_bytes;
  }

  #hear(text: string): void {
    this.#heardAt = this.#options.clock.now();
    for (const frame of decode(text)) this.#receive(frame);
  }

  #receive(frame: Frame): void {
    if (frame.hello) this.#greet(frame.hello);
    else if (frame.ref !== undefined) this.#answer(frame);
    else if (isEvent(frame)) this.#take(frame);
    else if (frame.beat) this.#beat(frame.beat);
    else if (frame.bye) this.#retryMs = Math.max(0, frame.bye.retry_ms);
    else this.#options.inbox.frame(frame);
  }

  #greet(hello: Hello): void {
    this.#cancel("hello");
    if (hello.protocol !== PROTOCOL) {
      this.#end("outdated");
      return;
    }
    if (hello.member !== this.#options.member) {
      this.#end("other-member");
      return;
    }
    this.failures = 0;
    this.limits = { ...DEFAULT_LIMITS, ...hello.limits };
    this.#after("stable", STABLE_MS, () => {
      this.#attempt = 0;
    });
    this.#watchSilence();
    this.#enter("live");
    this.#options.onHello(hello);
  }

  #answer(frame: Frame): void {
    const push = this.#pushes.get(frame.ref ?? -1);
    if (!push) return;
    this.#pushes.delete(frame.ref ?? -1);
    push.cancelTimeout();
    if (frame.error) push.resolve({ status: "error", error: frame.error });
    else push.resolve({ status: "ok", ok: frame.ok ?? {} });
    this.#sendQueued();
  }

  #take(frame: Frame & { topic: string; seq: number; event: string }): void {
    if (!this.#options.inbox.event(frame)) return;
    this.#heads[frame.topic] = frame.seq;
    this.#unseen += 1;
    if (this.#unseen >= SEEN_EVENTS) this.#sendSeen();
    else if (!this.#timers.has("seen")) this.#after("seen", SEEN_MS, () => this.#sendSeen());
  }

  #beat(heads: Record<string, number>): void {
    this.#options.inbox.beat(heads);
    if (this.#unseen > 0) this.#sendSeen();
    else void this.push({ cmd: "ping" });
  }

  #sendSeen(): void {
    this.#cancel("seen");
    if (this.#write({ cmd: "seen", heads: this.#heads })) {
      this.#heads = {};
      this.#unseen = 0;
    }
  }

  #send(push: Push, answerMs = ANSWER_MS): void {
    this.#ref += 1;
    const ref = this.#ref;
    const sentAt = this.#options.clock.now();
    this.#pushes.set(ref, push);
    push.cancelTimeout = this.#options.clock.after(answerMs, () => {
      this.#pushes.delete(ref);
      push.resolve({ status: "lost", code: 0 });
      // A command without an answer on a link that said nothing since: the link is dead.
      if (this.#heardAt <= sentAt) this.#drop(true);
      else this.#sendQueued();
    });
    this.#write({ ref, ...push.command });
  }

  #sendQueued(): void {
    while (this.#queue.length > 0 && this.#writesInFlight() < this.limits.in_flight) {
      const push = this.#queue.shift();
      if (push) this.#send(push);
    }
  }

  #writesInFlight(): number {
    let writes = 0;
    for (const push of this.#pushes.values()) if (push.command.key !== undefined) writes += 1;
    return writes;
  }

  #write(frame: object): boolean {
    if (this.state !== "live" || !this.#link) return false;
    this.#link.send(JSON.stringify(frame));
    return true;
  }

  #watchSilence(): void {
    const silentMs = this.#options.clock.now() - this.#heardAt;
    if (silentMs >= SILENT_MS) this.#drop(true);
    else this.#after("silence", SILENT_MS - silentMs, () => this.#watchSilence());
  }

  /** Gives the link up before the browser does. */
  #drop(opened: boolean): void {
    if (this.#link) this.#lost(0, opened);
  }

  #lost(code: number, opened: boolean): void {
    const greeted = this.state === "live";
    const retryMs = this.#retryMs;
    this.#leave(code);
    if (!greeted) this.failures += 1;
    switch (code) {
      case CLOSE.notThisProtocol:
        this.#enter("outdated");
        return;
      case CLOSE.signedOut:
        this.#enter("signed-out");
        return;
      case CLOSE.paused:
        this.#enter("paused");
        return;
      case CLOSE.flooding:
        this.#comeBack(FLOOD_MS);
        return;
      default:
    }
    if (retryMs !== null) this.#comeBack(retryMs);
    else this.#comeBack(backoffMs(this.#attempt++, this.#options.random));
    if (!opened) void this.#askWhy();
  }

  /** A refused handshake looks like any other failure to a browser: only REST knows. */
  async #askWhy(): Promise<void> {
    const status = await this.#options.askMe();
    if (this.state !== "waiting" && this.state !== "connecting") return;
    if (status === 401 || status === 403) this.signedOut();
  }

  #end(state: SocketState): void {
    this.#leave(0);
    this.#enter(state);
  }

  #comeBack(ms: number): void {
    this.#after("retry", ms, () => this.connect());
    this.#enter("waiting");
  }

  #leave(code: number): void {
    const link = this.#link;
    this.#link = null;
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
    this.#retryMs = null;
    this.#heads = {};
    this.#unseen = 0;
    const sent = [...this.#pushes.values()];
    const queued = this.#queue;
    this.#pushes.clear();
    this.#queue = [];
    link?.close();
    // From here on nothing may reach the old link through a callback.
    if (this.state === "live") this.state = "waiting";
    for (const push of sent) {
      push.cancelTimeout();
      push.resolve({ status: "lost", code });
    }
    for (const push of queued) push.resolve({ status: "lost", code: 0 });
  }

  #enter(state: SocketState): void {
    this.state = state;
    this.#options.onChange();
  }

  #after(name: string, ms: number, run: () => void): void {
    this.#cancel(name);
    this.#timers.set(
      name,
      this.#options.clock.after(ms, () => {
        this.#timers.delete(name);
        run();
      }),
    );
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}

function isEvent(frame: Frame): frame is Frame & { topic: string; seq: number; event: string } {
  return (
    typeof frame.event === "string" &&
    typeof frame.seq === "number" &&
    typeof frame.topic === "string"
  );
}
