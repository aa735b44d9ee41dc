/**
 * Which authors have a page for this reader, and their pictures: both differ from reader to reader,
 * so no event says them.
 */

import type { Clock } from "../live/clock.ts";
import type { Rest } from "../live/rest.ts";

const GATHER_MS = 50;
const MOST = 100;
/** After a change all who have the room open ask; not at once. */
const SPREAD_MS = 5_000;

export class Faces {
  readonly #rest: Rest;
  readonly #clock: Clock;
  readonly #changed: (members: ReadonlySet<number>) => void;
  /** The address of the picture, "" without one; null where there is no page. */
  readonly #known = new Map<number, string | null>();
  #wanted = new Set<number>();

  constructor(
    known: Readonly<Record<string, string>>,
    rest: Rest,
    clock: Clock,
    changed: (members: ReadonlySet<number>) => void,
  ) {
    for (const [id, picture] of Object.entries(known)) this.#known.set(Number(id), picture);
    this.#rest = rest;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Those that the page speaks of; who is not named there has no page. */
  settle(members: Iterable<number>): void {
    for (const id of members) if (!this.#known.has(id)) this.#known.set(id, null);
  }

  /** What is known of a member; null where nothing is, or there is no page. */
  of(member: number): string | null {
    const found = this.#known.get(member);
    if (found === undefined) this.#want(member);
    return found ?? null;
  }

  /** Perhaps another picture, or no page any more; asked for after a while if anybody needs it. */
  renew(member: number): void {
    if (!this.#known.has(member)) return;
    this.#clock.after(Math.random() * SPREAD_MS, () => this.#want(member));
  }

  #want(member: number): void {
    this.#wanted.add(member);
    if (this.#wanted.size > 1) return;
    this.#clock.after(GATHER_MS, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const asked = [...this.#wanted].slice(0, MOST);
    this.#wanted = new Set();
    try {
      const path = `/api/v1/members/faces/?ids=${asked.join(",")}`;
      const found = await this.#rest.get<Record<string, string>>(path);
      for (const id of asked) this.#known.set(id, found[String(id)] ?? null);
    } catch {
      // Their names stay plain until the page comes anew.
      for (const id of asked) this.#known.set(id, null);
      return;
    }
    this.#changed(new Set(asked));
  }
}
