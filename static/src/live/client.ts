/**
 * The live client of one tab: socket, topics and outbox tied together, and its state in one word.
 *
 * Invariants: one socket a tab; while no socket is to be had after three failures, the log is read
 * and writes are sent over REST, and `state` says so; nothing is sent unless the session is still
 * that of the member the page was rendered for.
 */

import type { Clock } from "./clock.ts";
import { FrameTooLarge, Outbox } from "./outbox.ts";
import { type Rest, RestError } from "./rest.ts";
import { type Reply, Socket, type SocketState, type Transport } from "./socket.ts";
import type { Store } from "./store.ts";
import type { Tabs } from "./tabs.ts";
import { Topics } from "./topics.ts";
import type { Command, Hello, Position } from "./wire.ts";

export type { Follower } from "./topic.ts";
export type { Position };
export { FrameTooLarge };

export type LiveState =
  | "connecting"
  | "live"
  | "reconnecting"
  | "offline"
  /** No socket, but REST answers: read every 5 s. */
  | "polling"
  | "paused"
  | "signed-out"
  | "other-member"
  | "outdated";

const FAILURES_BEFORE_POLLING = 3;
/** States that a tab does not leave by itself. */
const ENDED = new Set<SocketState>(["idle", "paused", "signed-out", "other-member", "outdated"]);

export interface LiveOptions {
  member: number;
  open(): Transport;
  rest: Rest;
  store: Store;
  tabs: Tabs;
  clock: Clock;
  wallNow(): number;
  random(): number;
  isOnline(): boolean;
  tellTabs(): void;
}

export class Live {
  readonly member: number;
  readonly socket: Socket;
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly rest: Rest;
  /** The server runs another build than when this page came: a reload is due. */
  hasNewBuild = false;
  /** Build at the first `hello`. */
  #build: string | null = null;
  readonly #options: LiveOptions;
  #restAnswers = false;
  #isPolling = false;
  readonly #listeners = new Set<() => void>();

  constructor(options: LiveOptions) {
    this.#options = options;
    this.member = options.member;
    this.rest = options.rest;
    const { clock, member, random, rest } = options;
    this.topics = new Topics({
      push: (command) => this.socket.push(command),
      isLive: () => this.socket.state === "live",
      rest,
      clock,
      random,
      onPolled: (status) => void this.#polled(status),
      onDone: (key) => this.outbox.done(key),
    });
    this.socket = new Socket({
      member,
      open: options.open,
      askMe: async () => (await this.#askMe()).status,
      clock,
      random,
      inbox: this.topics,
      onHello: (hello) => this.#greeted(hello),
      onChange: () => this.#changed(),
    });
    this.outbox = new Outbox({
      member,
      store: options.store,
      tabs: options.tabs,
      push: (command) => this.push(command),
      ready: () => (this.socket.state === "live" || this.#restAnswers ? member : null),
      frameLimit: () => this.socket.limits.frame_bytes,
      clock,
      wallNow: options.wallNow,
      random,
      tellTabs: options.tellTabs,
    });
    this.outbox.subscribe(() => this.#tell());
  }

  get state(): LiveState {
    const { state, failures } = this.socket;
    if (state === "connecting" || state === "waiting" || state === "idle") {
      if (this.#restAnswers) return "polling";
      if (!this.#options.isOnline() || failures >= FAILURES_BEFORE_POLLING) return "offline";
      return this.#build !== null || failures > 0 ? "reconnecting" : "connecting";
    }
    return state;
  }

  /** Unsent writes: neither failed ones nor those that are done though their answer was lost. */
  get waiting(): number {
    const { outbox } = this;
    return outbox.writes.filter(({ key, state }) => state === "waiting" && !outbox.isDone(key))
      .length;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    this.socket.connect();
    await this.outbox.open();
  }

  /** The page goes away or into the browser's cache. */
  stop(): void {
    this.#stopPolling();
    this.socket.disconnect();
  }

  /** `online`, or the tab is used again. */
  wake(): void {
    this.socket.wake();
    this.#tell();
  }

  /** Sends one command now, over the socket or over REST; nothing is kept. */
  async push(command: Command): Promise<Reply> {
    if (this.socket.state === "live" || !this.#restAnswers) return this.socket.push(command);
    try {
      const { body, status } = await this.rest.post("/api/v1/commands/", {
        ref: 1,
        ...command,
      });
      if (body.ok) {
        this.topics.pollNow();
        return { status: "ok", ok: body.ok };
      }
      if (body.error) return { status: "error", error: body.error };
      if (status === 401 || status === 403) await this.#polled(status);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
    }
    return { status: "lost", code: 0 };
  }

  #greeted(hello: Hello): void {
    this.#stopPolling();
    this.#build ??= hello.build;
    if (hello.build !== this.#build) this.hasNewBuild = true;
    this.topics.followAll();
    this.outbox.reconnected();
    this.#tell();
  }

  #changed(): void {
    const { state, failures } = this.socket;
    if (state === "waiting" && failures >= FAILURES_BEFORE_POLLING) {
      this.#isPolling = true;
      this.topics.startPolling();
    } else if (state !== "connecting" && state !== "waiting") this.#stopPolling();
    if (ENDED.has(state)) void this.outbox.release();
    this.#tell();
  }

  /** A round of reading over REST ended; only now it is known whether writing would do. */
  async #polled(status: number): Promise<void> {
    const couldWrite = this.#restAnswers;
    const answers = status >= 200 && status < 500 && (await this.#isStillMe());
    if (!this.#isPolling) return;
    this.#restAnswers = answers;
    if (answers && !couldWrite) this.outbox.reconnected();
    else if (answers) this.outbox.flush();
    this.#tell();
  }

  async #isStillMe(): Promise<boolean> {
    const { status, id } = await this.#askMe();
    if (status === 401 || status === 403) this.socket.signedOut();
    else if (status === 200 && id !== this.member) this.socket.otherMember();
    return status === 200 && id === this.member;
  }

  async #askMe(): Promise<{ status: number; id: number | null }> {
    try {
      const me = await this.rest.get<{ id: number }>("/api/v1/me/");
      return { status: 200, id: me.id };
    } catch (error) {
      return { status: error instanceof RestError ? error.status : 0, id: null };
    }
  }

  #stopPolling(): void {
    this.#isPolling = false;
    this.#restAnswers = false;
    this.topics.stopPolling();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
