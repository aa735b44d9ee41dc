/**
 * What a reader holds of a topic's log, and the rule that each event is applied once, in order.
 *
 * Invariants: `event` is called with `seq` growing by exactly 1 from the position given or taken by
 * `resync`; after `closed` nothing is called again. No I/O: the owner asks and tells (topics.ts).
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

export class Topic {
  readonly name: string;
  readonly follower: Follower;
  position: Position | null;
  state: TopicState = "idle";
  can: readonly string[] = [];

  constructor(name: string, follower: Follower, position: Position | null) {
    this.name = name;
    this.follower = follower;
    this.position = position;
  }

  request(): FollowRequest {
    this.state = "asking";
    if (!this.position) return { topic: this.name };
    return { topic: this.name, since: this.position.seq, epoch: this.position.epoch };
  }

  /** Takes the answer to `request`; `resync` when a snapshot must come first. */
  followed(answer: Followed): "live" | "resync" {
    this.allow(answer.can);
    if (answer.resync) return "resync";
    this.position ??= { epoch: answer.epoch, seq: answer.seq };
    this.position.epoch = answer.epoch;
    this.state = "live";
    return "live";
  }

  /** Applies `event` if it is the next one. */
  receive(event: LogEvent): "applied" | "seen before" | "gap" | "not now" {
    if (this.state !== "live" || !this.position) return "not now";
    return this.#apply(event, this.position);
  }

  /** Applies a page of the log read over REST, where nothing is followed. */
  receivePage(page: LogPage): "applied" | "gap" {
    const { position } = this;
    if (!position || page.resync || page.epoch !== position.epoch) return "gap";
    for (const event of page.events) if (this.#apply(event, position) === "gap") return "gap";
    return "applied";
  }

  /** Whether the server sent up to `seq` and we hold less. */
  isBehind(seq: number): boolean {
    return this.state === "live" && this.position !== null && seq > this.position.seq;
  }

  allow(commands: readonly string[] | undefined): void {
    if (!commands) return;
    this.can = commands;
    this.#guard(() => this.follower.can?.(commands));
  }

  hear(signal: Signal): void {
    if (this.state === "live") this.#guard(() => this.follower.signal?.(signal));
  }

  close(closed: Closed): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.#guard(() => this.follower.closed?.(closed));
  }

  refuse(error: WireError): void {
    this.close({ topic: this.name, code: error.code });
  }

  #apply(event: LogEvent, position: Position): "applied" | "seen before" | "gap" {
    if (event.seq <= position.seq) return "seen before";
    if (event.seq !== position.seq + 1) return "gap";
    position.seq = event.seq;
    this.#guard(() => this.follower.event(event));
    return "applied";
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      reportError(error);
    }
  }
}
