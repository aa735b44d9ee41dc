/** A server's end of the wire and a clock to move by hand: the client's two seams. */

import { Live, type LiveOptions } from "../../src/live/client.ts";
import type { Clock } from "../../src/live/clock.ts";
import { type Rest, RestError } from "../../src/live/rest.ts";
import type { Transport } from "../../src/live/socket.ts";
import { MemoryStore } from "../../src/live/store.ts";
import type { Command } from "../../src/live/wire.ts";

export const EPOCH = "0b0f6a0e-0000-4000-8000-000000000001";
export const ME = 5;

export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets `ms` pass; whatever is due runs in order, and promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await Promise.resolve();
}

export class FakeLink implements Transport {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  readonly sent: (Command & { ref?: number; heads?: Record<string, number> })[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.(undefined as never);
  }

  say(...frames: object[]): void {
    for (const frame of frames) this.hear(JSON.stringify(frame));
  }

  hear(text: string): void {
    this.onmessage?.({ data: text } as never);
  }

  hello(more: object = {}): void {
    this.open();
    this.say({
      hello: { protocol: 1, member: ME, build: "one", beat_s: 25, limits: {}, ...more },
    });
  }

  drop(code = 1006): void {
    this.onclose?.({ code } as never);
  }

  /** Commands of one name, oldest first. */
  pushes(cmd: string): (Command & { ref?: number })[] {
    return this.sent.filter((command) => command.cmd === cmd);
  }

  last(cmd: string): Command & { ref: number; topics?: { topic: string; since?: number }[] } {
    const command = this.pushes(cmd).at(-1);
    if (!command) throw new Error(`no ${cmd} was pushed`);
    return command as Command & { ref: number };
  }

  ok(ref: number | undefined, ok: object = {}): void {
    this.say({ ref, ok });
  }

  error(ref: number | undefined, error: object): void {
    this.say({ ref, error: { detail: "", ...error } });
  }

  /** Answers the newest `follow` with one answer for each topic it asks for. */
  followed(answers: Record<string, object>): void {
    const whole = Object.entries(answers).map(([topic, answer]) => [
      topic,
      { topic, epoch: EPOCH, seq: 0, resync: false, can: [], ...answer },
    ]);
    this.ok(this.last("follow").ref, { topics: Object.fromEntries(whole) });
  }
}

/** REST answers by path; a number is a refusal of that status, anything unknown is unreachable. */
export class FakeRest implements Rest {
  readonly answers = new Map<string, unknown>();
  readonly asked: string[] = [];
  readonly posted: Command[] = [];
  postAnswer: (command: Command) => { status: number; body: object } = () => ({
    status: 503,
    body: {},
  });

  async get<T>(path: string): Promise<T> {
    this.asked.push(path);
    const answer = this.answers.get(path) ?? 0;
    if (typeof answer === "number") throw new RestError(answer, { code: "refused", detail: "" });
    return answer as T;
  }

  async post(_path: string, body: unknown): Promise<{ status: number; body: object }> {
    this.posted.push(body as Command);
    return this.postAnswer(body as Command);
  }
}

export class Bench {
  readonly clock = new FakeClock();
  readonly rest = new FakeRest();
  readonly links: FakeLink[] = [];
  readonly live: Live;
  isOnline = true;

  constructor(options: Partial<LiveOptions> = {}) {
    this.live = new Live({
      member: ME,
      open: () => {
        const link = new FakeLink();
        this.links.push(link);
        return link;
      },
      rest: this.rest,
      store: new MemoryStore(),
      tabs: { id: "tab-1", living: async () => new Set(["tab-1"]) },
      clock: this.clock,
      wallNow: () => 1_790_000_000_000 + this.clock.now(),
      random: () => 0.5,
      isOnline: () => this.isOnline,
      tellTabs: () => undefined,
      ...options,
    });
  }

  get link(): FakeLink {
    const link = this.links.at(-1);
    if (!link) throw new Error("nothing connected yet");
    return link;
  }

  /** Connected and greeted. */
  async join(): Promise<FakeLink> {
    await this.live.start();
    this.link.hello();
    await settle();
    return this.link;
  }
}

export function event(seq: number, more: object = {}): object {
  return {
    topic: "chat:17",
    seq,
    event: "message.posted",
    at: "2026-11-22T18:03:11.402Z",
    by: 6,
    data: { id: 4000 + seq },
    ...more,
  };
}
