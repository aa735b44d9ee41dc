/**
 * Keeps every write until the server said `ok` or the writer threw it away, across reloads.
 *
 * Invariants: a write has one key for life and is stored before it is first sent; at most one write
 * a topic is under way, so a topic gets them in the order they were written; a write is sent only
 * while `ready` names its member; a final error, or seven days, end the sending until the writer
 * tries again. Several tabs share the store: each sends its own, and those of tabs that are gone or
 * cannot send.
 */

import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Reply } from "./socket.ts";
import type { Store, Write } from "./store.ts";
import type { Tabs } from "./tabs.ts";
import { CLOSE, type Command, frameBytes, newKey, type Ok, type WireError } from "./wire.ts";

const OLDEST_MS = 7 * 24 * 3600 * 1000;
const ADOPT_MS = 30_000;
/** Tab of a write that whoever can may send. */
const NOBODY = "";

/** Codes the outbox gives itself; the page has words for them. */
export const OUTBOX_ERRORS = { old: "outbox.old", refusedFrame: "outbox.refused_frame" } as const;

export class FrameTooLarge extends Error {
  readonly bytes: number;
  readonly limit: number;

  constructor(bytes: number, limit: number) {
    super(`${bytes} bytes are more than the ${limit} of a frame`);
    this.bytes = bytes;
    this.limit = limit;
  }
}

export type OutboxChange =
  | { kind: "changed" }
  /** The server has it: the write has left the store. */
  | { kind: "sent"; write: Write; ok: Ok };

export interface OutboxOptions {
  member: number;
  store: Store;
  tabs: Tabs;
  push(command: Command): Promise<Reply>;
  /** Member whose session the way out belongs to; null while there is no way out. */
  ready(): number | null;
  frameLimit(): number;
  clock: Clock;
  /** Milliseconds since 1970. */
  wallNow(): number;
  random(): number;
  /** Tells the other tabs that the store changed. */
  tellTabs(): void;
}

interface Pause {
  tries: number;
  until: number;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #writes: Write[] = [];
  readonly #underWay = new Set<string>();
  /** Acknowledged, but perhaps still in the store. */
  readonly #sent = new Set<string>();
  /** Done, as an event said, while the answer is still awaited. */
  readonly #done = new Set<string>();
  readonly #pauses = new Map<string, Pause>();
  #holdUntil = 0;
  /** This tab cannot send: its writes are anybody's. */
  #isReleased = false;
  #cancelWake: (() => void) | null = null;
  readonly #listeners = new Set<(change: OutboxChange) => void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Unsent writes of this member in all tabs, oldest first. */
  get writes(): readonly Write[] {
    return this.#writes;
  }

  isUnderWay(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** An event says that this write is done; it is asked for again all the same, for its answer. */
  done(key: string): void {
    if (!this.#writes.some((write) => write.key === key)) return;
    this.#done.add(key);
    this.#tell({ kind: "changed" });
  }

  isDone(key: string): boolean {
    return this.#done.has(key);
  }

  /** Reads what was kept, and from then on looks after the writes of tabs that are gone. */
  async open(): Promise<void> {
    await this.#adopt();
    const again = (): void => {
      this.#options.clock.after(ADOPT_MS, () => void this.#adopt().finally(again));
    };
    again();
  }

  subscribe(listener: (change: OutboxChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Keeps a write and sends it when its turn comes; promises the key.
   *
   * Raises `FrameTooLarge` before anything is stored.
   */
  async write(command: { cmd: string; topic: string; data: unknown }): Promise<string> {
    const { member, store, wallNow, frameLimit } = this.#options;
    const key = newKey();
    const bytes = frameBytes({ ...command, key });
    if (bytes > frameLimit()) throw new FrameTooLarge(bytes, frameLimit());
    const { cmd, topic, data } = command;
    const at = wallNow();
    await store.add({ key, member, tab: this.#owner, cmd, topic, data, at, state: "waiting" });
    await this.#changed();
    this.flush();
    return key;
  }

  /** The writer wants a failed write sent again, under its old key. */
  async tryAgain(key: string): Promise<void> {
    const { store, wallNow } = this.#options;
    this.#pauses.delete(key);
    await store.update(key, { state: "waiting", tab: this.#owner, at: wallNow() });
    await this.#changed();
    this.flush();
  }

  async throwAway(key: string): Promise<void> {
    await this.#options.store.remove(key);
    await this.#changed();
    this.flush();
  }

  /** Throws all of this member's writes away (signing out). */
  async wipe(): Promise<void> {
    await this.#options.store.wipe(this.#options.member);
    await this.#changed();
  }

  /** Another tab changed the store. */
  async reload(): Promise<void> {
    await this.#read();
    this.#tell({ kind: "changed" });
    const isOffered = this.#writes.some((write) => write.tab === NOBODY);
    if (isOffered && this.#options.ready() === this.#options.member) await this.#adopt();
    this.flush();
  }

  /** This tab cannot send any more (signed out, paused, going away): others may. */
  async release(): Promise<void> {
    const { store, tabs } = this.#options;
    this.#isReleased = true;
    const own = this.#writes.filter((write) => write.tab === tabs.id);
    await Promise.all(own.map((write) => store.update(write.key, { tab: NOBODY })));
    if (own.length > 0) await this.#changed();
  }

  /** A new link: what waited because the old one was lost goes at once. */
  reconnected(): void {
    this.#pauses.clear();
    this.#holdUntil = 0;
    this.#isReleased = false;
    void this.#adopt();
    this.flush();
  }

  /** Whose a write made here is. */
  get #owner(): string {
    return this.#isReleased ? NOBODY : this.#options.tabs.id;
  }

  /** Sends whatever may be sent now. */
  flush(): void {
    const { clock, member, ready, tabs, wallNow } = this.#options;
    if (ready() !== member) return;
    const now = clock.now();
    if (now < this.#holdUntil) {
      this.#wakeAt(this.#holdUntil);
      return;
    }
    const busy = new Set<string>();
    let next = Number.POSITIVE_INFINITY;
    for (const write of this.#writes) {
      if (write.state !== "waiting" || write.tab !== tabs.id || busy.has(write.topic)) continue;
      busy.add(write.topic);
      if (this.#underWay.has(write.key)) continue;
      const pause = this.#pauses.get(write.key);
      if (pause && now < pause.until) next = Math.min(next, pause.until);
      else if (wallNow() - write.at > OLDEST_MS) {
        void this.#fail(write, { code: OUTBOX_ERRORS.old, detail: "" });
      } else void this.#send(write);
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  async #send(write: Write): Promise<void> {
    const { cmd, topic, key, data } = write;
    this.#underWay.add(key);
    this.#tell({ kind: "changed" });
    const reply = await this.#options.push({ cmd, topic, key, data });
    this.#underWay.delete(key);
    if (reply.status === "ok") {
      this.#pauses.delete(key);
      this.#done.delete(key);
      this.#sent.add(key);
      this.#writes = this.#writes.filter((each) => each.key !== key);
      this.#tell({ kind: "sent", write, ok: reply.ok });
      await this.#options.store.remove(key);
      await this.#changed();
      this.#sent.delete(key);
    } else if (reply.status === "error" && reply.error.retry_after_s === undefined) {
      await this.#fail(write, reply.error);
    } else if (
      reply.status === "lost" &&
      (reply.code === CLOSE.badText || reply.code === CLOSE.tooLarge)
    ) {
      // The server broke the link over a frame: whoever was under way is not sent by itself again.
      await this.#fail(write, { code: OUTBOX_ERRORS.refusedFrame, detail: "" });
    } else {
      this.#pause(key, reply);
      this.#tell({ kind: "changed" });
    }
    this.flush();
  }

  #pause(key: string, reply: Reply): void {
    const { clock, random } = this.#options;
    const tries = (this.#pauses.get(key)?.tries ?? 0) + 1;
    const askedMs = reply.status === "error" ? (reply.error.retry_after_s ?? 0) * 1000 : 0;
    const until = clock.now() + askedMs + backoffMs(tries - 1, random);
    this.#pauses.set(key, { tries, until });
    // The rate is the member's, whatever the topic.
    if (reply.status === "error" && reply.error.code === "rate.limited") {
      this.#holdUntil = Math.max(this.#holdUntil, clock.now() + askedMs);
    }
  }

  async #fail(write: Write, error: WireError): Promise<void> {
    write.state = "failed";
    await this.#options.store.update(write.key, { state: "failed", error });
    await this.#changed();
    this.flush();
  }

  async #adopt(): Promise<void> {
    const { member, store, tabs } = this.#options;
    if (!this.#isReleased) await store.claim(member, tabs.id, await tabs.living());
    await this.#read();
    this.#tell({ kind: "changed" });
    this.flush();
  }

  async #changed(): Promise<void> {
    await this.#read();
    this.#tell({ kind: "changed" });
    this.#options.tellTabs();
  }

  async #read(): Promise<void> {
    const kept = await this.#options.store.all(this.#options.member);
    this.#writes = kept.filter((write) => !this.#sent.has(write.key));
  }

  #wakeAt(time: number): void {
    this.#cancelWake?.();
    const { clock } = this.#options;
    this.#cancelWake = clock.after(Math.max(0, time - clock.now()), () => this.flush());
  }

  #tell(change: OutboxChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
