/**
 * How far the member has read: says so to the server, and counts what came unseen.
 *
 * Invariants: the marker moves forward only; it is told at most once in 5 s, and only while the tab
 * is visible and the reader stands at the end.
 */

import type { Clock } from "../live/clock.ts";

const EVERY_MS = 5_000;

export interface ReadingOptions {
  clock: Clock;
  /** Whether the reader sees the newest message. */
  isSeeing(): boolean;
  /** Sends `channel.read`; whether the server has it. */
  tell(seq: number): Promise<boolean>;
  /** The number of messages that came unseen changed. */
  changed(unseen: number): void;
}

export class Reading {
  readonly #options: ReadingOptions;
  #told: number;
  #head: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isWaiting = false;
  #unseen = 0;
  #isTakenBack = false;

  /** `read` is the marker the page came with. */
  constructor(read: number, options: ReadingOptions) {
    this.#options = options;
    this.#told = read;
    this.#head = read;
  }

  get unseen(): number {
    return this.#unseen;
  }

  /** The member took the marker back; it stays there until they come again. */
  takeBack(): void {
    this.#isTakenBack = true;
  }

  /** Something came; `isNew` when it is a message of somebody else. */
  came(seq: number, isNew: boolean): void {
    this.#head = Math.max(this.#head, seq);
    if (isNew && !this.#options.isSeeing()) {
      this.#unseen += 1;
      this.#options.changed(this.#unseen);
    }
    this.look();
  }

  /** The reader came to see more: scrolled, returned to the tab. */
  look(): void {
    if (!this.#options.isSeeing()) return;
    if (this.#unseen > 0) {
      this.#unseen = 0;
      this.#options.changed(0);
    }
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#head <= this.#told || this.#isWaiting || this.#isTakenBack) return;
    const waitMs = this.#toldAt + EVERY_MS - this.#options.clock.now();
    if (waitMs <= 0) {
      this.#tell();
      return;
    }
    this.#isWaiting = true;
    this.#options.clock.after(waitMs, () => {
      this.#isWaiting = false;
      if (this.#options.isSeeing() && this.#head > this.#told) this.#tell();
    });
  }

  #tell(): void {
    if (this.#isTakenBack) return;
    const before = this.#told;
    const seq = this.#head;
    this.#toldAt = this.#options.clock.now();
    this.#told = seq;
    void this.#options.tell(seq).then((isTold) => {
      // Told again at the next look.
      if (!isTold && this.#told === seq) this.#told = before;
    });
  }
}
