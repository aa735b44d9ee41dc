/**
 * Who is here and who is typing: best effort, forgotten when nobody says it again.
 *
 * Presence comes whole, so the newest replaces the last. A typist counts for `TYPING_MS` after each
 * sign, and not after their message came.
 */

import type { Clock } from "./clock.ts";
import type { Signal } from "./wire.ts";

export interface Presence {
  /** How many are here, more than `members` may name. */
  total: number;
  /** At most 50. */
  members: readonly PresentMember[];
}

export interface PresentMember {
  id: number;
  name: string;
}

export function readPresence(signal: Signal): Presence {
  const data = signal.data as Partial<Presence> | null;
  const members = Array.isArray(data?.members) ? data.members : [];
  return { total: typeof data?.total === "number" ? data.total : members.length, members };
}

/** A typist says so again after `REPEAT_MS`; readers forget one after `TYPING_MS`. */
const REPEAT_MS = 3_000;
const TYPING_MS = 6_000;

/** Who types in one topic, told to `changed` as member ids in the order they began. */
export class Typists {
  readonly #clock: Clock;
  readonly #changed: (members: readonly number[]) => void;
  readonly #forget = new Map<number, () => void>();

  constructor(clock: Clock, changed: (members: readonly number[]) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  hear(signal: Signal): void {
    if (signal.by === undefined) return;
    const isOn = (signal.data as { on?: boolean } | null)?.on === true;
    if (isOn) this.#begin(signal.by);
    else this.stop(signal.by);
  }

  /** Tells `changed` the same again, since what they are called changed. */
  tellAgain(): void {
    if (this.#forget.size > 0) this.#tell();
  }

  stop(member: number): void {
    const cancel = this.#forget.get(member);
    if (!cancel) return;
    cancel();
    this.#forget.delete(member);
    this.#tell();
  }

  #begin(member: number): void {
    const known = this.#forget.get(member);
    known?.();
    this.#forget.set(
      member,
      this.#clock.after(TYPING_MS, () => this.stop(member)),
    );
    if (!known) this.#tell();
  }

  #tell(): void {
    this.#changed([...this.#forget.keys()]);
  }
}

/** Turns key strokes into few `typing` signals: one at the start, one each 3 s, one at the end. */
export class Typing {
  readonly #clock: Clock;
  readonly #send: (isOn: boolean) => void;
  #saidAt: number | null = null;
  #cancelIdle: (() => void) | null = null;

  constructor(clock: Clock, send: (isOn: boolean) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  stroke(): void {
    const now = this.#clock.now();
    if (this.#saidAt === null || now - this.#saidAt >= REPEAT_MS) {
      this.#saidAt = now;
      this.#send(true);
    }
    this.#cancelIdle?.();
    this.#cancelIdle = this.#clock.after(TYPING_MS - 1_000, () => this.stop());
  }

  stop(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = null;
    if (this.#saidAt === null) return;
    this.#saidAt = null;
    this.#send(false);
  }
}
