/**
 * What the readers of this tab hold of a topic's log, and the rule that each of them gets each
 * event once, in order.
 *
 * Invariants: `event` of a follower is called with `seq` growing by exactly 1 from the position it
 * gave or took by `resync`; after `closed` nothing is called again; the topic is asked for from
 * where the furthest behind stands. No I/O: the owner asks and tells (topics.ts).
 */

import type { Closed, Followed, LogEvent, LogPage, Position, Signal, WireError } from "./wire.ts";

export interface Follower {
  /** Shows one event; what it throws is reported and does not stop the topic. */
  event(event: LogEvent): void;
  signal?(signal: Signal): void;
  /** Takes a snapshot, shows it, and promises the position it was read at. */
  resync(): Promise<Position>;
  /** The commands this member may use here now; called with each answer and change. */
  can?(commands: readonly string[]): void;
  /** The topic is over for this member. */
  closed?(closed: Closed): void;
}

export interface FollowRequest {
  topic: string;
  since?: number;
  epoch?: string;
}

export type TopicState =
  /** To be followed at the next chance. */
  | "idle"
  /** `follow` is out; until its reply what comes belongs to an older one. */
  | "asking"
  | "live"
  /** A snapshot is being taken. */
  | "resyncing"
  | "closed";

/** One follower and how far it is; null until a reply to `follow` says where it begins. */
interface Place {
  readonly follower: Follower;
  position: Position | null;
}

export class Topic {
  readonly name: string;
  state: TopicState = "idle";
  readonly #places: Place[] = [];
  #can: readonly string[] | null = null;
  /** The `since` of the last request. */
  #asked = 0;
  /** The last of each signal that comes whole, for who comes later. */
  readonly #heard = new Map<string, Signal>();

  constructor(name: string) {
    this.name = name;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Where the follower stands that is furthest behind; null while one does not know. */
  get position(): Position | null {
    let least: Position | null = null;
    for (const { position } of this.#places) {
      if (!position) return null;
      if (!least || position.seq < least.seq) least = position;
    }
    return least;
  }

  /** Takes one more follower; whether the topic must be asked for again to bring it in step. */
  join(follower: Follower, from: Position | null): boolean {
    const front = this.#front();
    const isLive = this.state === "live" && front !== null;
    const place: Place = { follower, position: from && { ...from } };
    this.#places.push(place);
    if (!isLive) return false;
    place.position ??= { ...front };
    if (this.#can) this.#guard(() => follower.can?.(this.#can ?? []));
    for (const signal of this.#heard.values()) this.#guard(() => follower.signal?.(signal));
    return place.position.epoch !== front.epoch || place.position.seq < front.seq;
  }

  leave(follower: Follower): void {
    const at = this.#places.findIndex((place) => place.follower === follower);
    if (at >= 0) this.#places.splice(at, 1);
    if (this.isEmpty) this.state = "closed";
  }

  request(): FollowRequest {
    this.state = "asking";
    const { position } = this;
    this.#asked = position?.seq ?? 0;
    if (!position) return { topic: this.name };
    return { topic: this.name, since: position.seq, epoch: position.epoch };
  }

  /**
   * Takes the answer to `request`: `resync` when a snapshot must come first, `behind` when somebody
   * joined meanwhile who needs more than was asked for.
   */
  followed(answer: Followed): "live" | "resync" | "behind" {
    this.allow(answer.can);
    const { epoch, seq } = answer;
    if (answer.resync || this.#places.some(({ position }) => position && position.epoch !== epoch))
      return "resync";
    for (const place of this.#places) place.position ??= { epoch, seq };
    this.state = "live";
    return (this.position?.seq ?? 0) < this.#asked ? "behind" : "live";
  }

  /** Applies `event` wherever it is the next one. */
  receive(event: LogEvent): "applied" | "seen before" | "gap" | "not now" {
    return this.state === "live" && this.position ? this.#apply(event) : "not now";
  }

  /** Applies a page of the log read over REST, where nothing is followed. */
  receivePage(page: LogPage): "applied" | "gap" {
    const { position } = this;
    if (!position || page.resync || page.epoch !== position.epoch) return "gap";
    for (const event of page.events) if (this.#apply(event) === "gap") return "gap";
    return "applied";
  }

  /** Whether the server sent up to `seq` and one of us holds less. */
  isBehind(seq: number): boolean {
    const { position } = this;
    return this.state === "live" && position !== null && seq > position.seq;
  }

  allow(commands: readonly string[] | undefined): void {
    if (!commands) return;
    this.#can = commands;
    for (const { follower } of [...this.#places]) this.#guard(() => follower.can?.(commands));
  }

  hear(signal: Signal): void {
    if (this.state !== "live") return;
    if (signal.by === undefined) this.#heard.set(signal.signal, signal);
    for (const { follower } of [...this.#places]) this.#guard(() => follower.signal?.(signal));
  }

  /**
   * Lets every follower take its snapshot. One whose snapshot `isGone` says is no more is closed
   * and leaves; any other failure is thrown once all have answered.
   */
  async resync(isGone: (error: unknown) => boolean): Promise<void> {
    const asked = [...this.#places];
    const taken = await Promise.allSettled(
      asked.map(async (place) => {
        place.position = { ...(await place.follower.resync()) };
      }),
    );
    for (const [at, result] of taken.entries()) {
      if (result.status === "fulfilled") continue;
      const follower = asked[at]?.follower;
      if (!isGone(result.reason) || !follower) throw result.reason;
      this.leave(follower);
      this.#guard(() => follower.closed?.({ topic: this.name, code: "gone" }));
    }
  }

  close(closed: Closed): void {
    if (this.state === "closed") return;
    this.state = "closed";
    for (const { follower } of [...this.#places]) this.#guard(() => follower.closed?.(closed));
  }

  refuse(error: WireError): void {
    this.close({ topic: this.name, code: error.code });
  }

  /** Where the follower stands that is furthest. */
  #front(): Position | null {
    let most: Position | null = null;
    for (const { position } of this.#places) {
      if (position && (!most || position.seq > most.seq)) most = position;
    }
    return most;
  }

  #apply(event: LogEvent): "applied" | "seen before" | "gap" {
    let outcome: "applied" | "seen before" | "gap" = "seen before";
    for (const { follower, position } of [...this.#places]) {
      if (!position || event.seq <= position.seq) continue;
      if (event.seq !== position.seq + 1) return "gap";
      position.seq = event.seq;
      outcome = "applied";
      this.#guard(() => follower.event(event));
    }
    return outcome;
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      reportError(error);
    }
  }
}
