/**
 * The topics this tab follows: follows them on each new link, mends gaps, takes snapshots, and
 * reads the log over REST while no socket is to be had.
 *
 * Invariants: however many follow a topic here, it is one follow on the wire, and unfollowed when
 * the last one leaves; a topic is asked for at most once at a time; a snapshot is taken before a topic that
 * answered `resync` is followed again; of two pages of the log of a topic never both are under way.
 */

import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { type Rest, RestError } from "./rest.ts";
import type { Inbox, Reply } from "./socket.ts";
import { type Follower, type FollowRequest, Topic } from "./topic.ts";
import type { Command, Followed, Frame, LogEvent, LogPage, Position, WireError } from "./wire.ts";

const TOPICS_PER_FOLLOW = 100;
const LOG_PAGE = 200;
const POLL_MS = 5_000;

export interface TopicsOptions {
  push(command: Command): Promise<Reply>;
  isLive(): boolean;
  rest: Rest;
  clock: Clock;
  random(): number;
  /** Each round of polling says whether the server answered. */
  onPolled(status: number): void;
  /** An event says that a write of this member, of this key, is done. */
  onDone(key: string): void;
}

export class Topics implements Inbox {
  readonly #options: TopicsOptions;
  readonly #topics = new Map<string, Topic>();
  #stopPolling: (() => void) | null = null;
  #asking = false;

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** Follows `name` from `position` on (null: from now on) until the returned function is called. */
  follow(name: string, position: Position | null, follower: Follower): () => void {
    const topic = this.#topics.get(name) ?? new Topic(name);
    this.#topics.set(name, topic);
    if (topic.join(follower, position)) topic.state = "idle";
    if (this.#options.isLive()) this.#askSoon();
    return () => {
      if (this.#topics.get(name) !== topic) return;
      topic.leave(follower);
      if (!topic.isEmpty) return;
      this.#topics.delete(name);
      void this.#options.push({ cmd: "unfollow", topic: name });
    };
  }

  /** A new link knows nothing of what was followed. */
  followAll(): void {
    this.stopPolling();
    for (const topic of this.#topics.values()) {
      if (topic.state === "live" || topic.state === "asking") topic.state = "idle";
    }
    this.#askSoon();
  }

  event(frame: Frame & { topic: string; seq: number; event: string }): boolean {
    const { key } = frame as { key?: string };
    if (key !== undefined) this.#options.onDone(key);
    const topic = this.#topics.get(frame.topic);
    // Unfollowed while it was on its way: seen, so that it leaves the server's window.
    if (!topic) return true;
    const outcome = topic.receive(frame as unknown as LogEvent);
    if (outcome === "gap") this.#again(topic);
    return outcome === "applied" || outcome === "seen before";
  }

  frame(frame: Frame): void {
    if (frame.closed) {
      const topic = this.#topics.get(frame.closed.topic);
      this.#topics.delete(frame.closed.topic);
      topic?.close(frame.closed);
    } else if (frame.can) {
      for (const [name, commands] of Object.entries(frame.can)) {
        this.#topics.get(name)?.allow(commands);
      }
    } else if (frame.signal && frame.topic) {
      const { topic, signal } = frame;
      const { by, data } = frame as { by?: number; data?: unknown };
      this.#topics.get(topic)?.hear({ topic, signal, data, ...(by === undefined ? {} : { by }) });
    }
  }

  beat(heads: Record<string, number>): void {
    for (const [name, seq] of Object.entries(heads)) {
      const topic = this.#topics.get(name);
      if (topic?.isBehind(seq)) this.#again(topic);
    }
  }

  /** Reads the log over REST every 5 s until a link is there again. */
  startPolling(): void {
    if (this.#stopPolling) return;
    let stopped = false;
    let cancel = (): void => undefined;
    const round = async (): Promise<void> => {
      const status = await this.#poll(() => stopped);
      if (stopped) return;
      this.#options.onPolled(status);
      if (!stopped) cancel = this.#options.clock.after(POLL_MS, () => void round());
    };
    this.#stopPolling = () => {
      stopped = true;
      cancel();
    };
    void round();
  }

  /** Something was written over REST: its event need not wait for the next round. */
  pollNow(): void {
    if (!this.#stopPolling) return;
    this.stopPolling();
    this.startPolling();
  }

  stopPolling(): void {
    this.#stopPolling?.();
    this.#stopPolling = null;
  }

  #again(topic: Topic): void {
    topic.state = "idle";
    this.#askSoon();
  }

  /** Gathers the follows of one turn into one command. */
  #askSoon(): void {
    if (this.#asking) return;
    this.#asking = true;
    queueMicrotask(() => {
      this.#asking = false;
      if (!this.#options.isLive()) return;
      const idle = [...this.#topics.values()].filter((topic) => topic.state === "idle");
      for (let from = 0; from < idle.length; from += TOPICS_PER_FOLLOW) {
        void this.#ask(idle.slice(from, from + TOPICS_PER_FOLLOW));
      }
    });
  }

  async #ask(topics: Topic[]): Promise<void> {
    const requests: FollowRequest[] = topics.map((topic) => topic.request());
    const reply = await this.#options.push({ cmd: "follow", topics: requests });
    for (const topic of topics) {
      if (topic.state !== "asking" || this.#topics.get(topic.name) !== topic) continue;
      if (reply.status === "lost") {
        topic.state = "idle";
        this.#askSoon();
        continue;
      }
      if (reply.status === "error") {
        this.#refused(topic, reply.error);
        continue;
      }
      const answers = reply.ok.topics as Record<string, Followed | { error: WireError }>;
      const answer = answers[topic.name];
      if (!answer) continue;
      if ("error" in answer) this.#refused(topic, answer.error);
      else {
        const outcome = topic.followed({ ...answer, topic: topic.name });
        if (outcome === "resync") void this.#resync(topic);
        else if (outcome === "behind") this.#again(topic);
      }
    }
  }

  #refused(topic: Topic, error: WireError): void {
    if (error.retry_after_s !== undefined) {
      this.#options.clock.after(error.retry_after_s * 1000 + 250, () => this.#again(topic));
      return;
    }
    this.#topics.delete(topic.name);
    topic.refuse(error);
  }

  /** Takes the snapshots, however often they must be asked for, then follows from them. */
  async #resync(topic: Topic): Promise<void> {
    topic.state = "resyncing";
    for (let attempt = 0; topic.state === "resyncing"; attempt += 1) {
      try {
        await topic.resync(isGone);
        if (topic.isEmpty && this.#topics.get(topic.name) === topic) {
          this.#topics.delete(topic.name);
        }
        if (topic.state === "resyncing") this.#again(topic);
        return;
      } catch {
        await new Promise<void>((resolve) => {
          const waitMs = 500 + backoffMs(attempt, this.#options.random);
          this.#options.clock.after(waitMs, resolve);
        });
      }
    }
  }

  /** One round over all topics; the HTTP status of its worst answer, 0 for none at all. */
  async #poll(stopped: () => boolean): Promise<number> {
    let status = 200;
    for (const topic of [...this.#topics.values()]) {
      if (stopped()) return status;
      if (topic.state === "resyncing" || topic.state === "closed") continue;
      try {
        await this.#pollTopic(topic, stopped);
      } catch (error) {
        if (!(error instanceof RestError)) throw error;
        if (error.status === 404) {
          this.#refused(topic, error.problem);
          continue;
        }
        status = error.status;
        if (status === 0 || status === 401) return status;
      }
    }
    return status;
  }

  async #pollTopic(topic: Topic, stopped: () => boolean): Promise<void> {
    const { rest } = this.#options;
    for (;;) {
      if (!topic.position) {
        await this.#resync(topic);
        return;
      }
      const path = `/api/v1/topics/${topic.name}/events/?since=${topic.position.seq}&limit=${LOG_PAGE}`;
      const page = await rest.get<LogPage>(path);
      if (stopped() || topic.state === "closed") return;
      for (const { key } of page.events) if (key !== undefined) this.#options.onDone(key);
      if (topic.receivePage(page) === "gap") {
        await this.#resync(topic);
        return;
      }
      if (page.events.length < LOG_PAGE) return;
    }
  }
}

/** Whether the server says that there is no such thing for this member. */
function isGone(error: unknown): boolean {
  return error instanceof RestError && (error.status === 404 || error.status === 403);
}
