/** Shows who is in the room now and who is typing. */

import type { Clock } from "../live/clock.ts";
import { type PresentMember, readPresence, Typists } from "../live/presence.ts";
import type { Signal } from "../live/wire.ts";
import { clone, slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import { type Card, placeOf } from "./model.ts";
import { fillFlag } from "./row.ts";

export class Present {
  readonly #root: HTMLElement;
  readonly #me: number;
  readonly #words: Words;
  readonly #typists: Typists;
  readonly #names = new Map<number, string>();
  /** Cards that came as an event, which are newer than those that presence keeps for a while. */
  readonly #renamed = new Map<number, Card>();
  #last: Signal | null = null;

  constructor(root: HTMLElement, me: number, words: Words, clock: Clock) {
    this.#root = root;
    this.#me = me;
    this.#words = words;
    this.#typists = new Typists(clock, (members) => this.#showTyping(members));
  }

  presence(signal: Signal): void {
    this.#last = signal;
    const { members: kept, total } = readPresence(signal);
    const members = kept.map((member) => this.#renamed.get(member.id) ?? member);
    for (const { id, name } of members) this.#names.set(id, name);
    // The room beside says it.
    if ("pane" in this.#root.dataset) return;
    const badge = slot(this.#root, "here");
    badge.hidden = total === 0;
    slot(badge, "here-text").textContent = fill(this.#words.here, { count: total });
    // The pane beside the room is a comfort of wide screens and may not be there.
    document.getElementById("present")?.replaceChildren(...members.map((card) => this.#item(card)));
    const more = document.getElementById("present-more");
    if (!more) return;
    more.hidden = total <= members.length;
    more.textContent = fill(this.#words.more, { count: total - members.length });
  }

  /** Somebody is called otherwise now. */
  nameAnew(card: Card): void {
    this.#renamed.set(card.id, card);
    if (this.#last) this.presence(this.#last);
    this.#typists.tellAgain();
  }

  /** The room is over for this member. */
  leave(): void {
    this.#last = null;
    slot(this.#root, "here").hidden = true;
    document.getElementById("present")?.replaceChildren();
    slot(this.#root, "typing").textContent = "";
  }

  typing(signal: Signal): void {
    if (signal.by !== this.#me) this.#typists.hear(signal);
  }

  /** Their message came. */
  stopTyping(member: number): void {
    this.#typists.stop(member);
  }

  #item(member: PresentMember): HTMLElement {
    const card: Card = { organisation: "", country: "", organisation_id: null, ...member };
    const item = clone(this.#root, "present-row");
    fillFlag(item, card);
    const link = slot<HTMLAnchorElement>(item, "present-name");
    link.href = `/members/${card.id}/`;
    link.textContent = card.name;
    slot(item, "present-from").textContent = placeOf(card);
    return item;
  }

  #showTyping(members: readonly number[]): void {
    const names = members.map((id) => this.#names.get(id) ?? this.#words.somebody ?? "");
    const [name = "", other = ""] = names;
    let text = "";
    if (names.length === 1) text = fill(this.#words.typingOne, { name });
    else if (names.length === 2) text = fill(this.#words.typingTwo, { name, other });
    else if (names.length > 2) text = this.#words.typingMany ?? "";
    slot(this.#root, "typing").textContent = text;
  }
}
