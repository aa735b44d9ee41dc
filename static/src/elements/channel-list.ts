/**
 * `<channel-list>`: the rooms one is in, with what is unread in each.
 *
 * Invariants: counts come whole with each `unread` signal, so what it leaves out is read; the list
 * itself is the server's and is fetched again (htmx) when rooms come or go; what is called otherwise
 * is so in its place.
 */

import { type Channel, titleOf } from "../chat/model.ts";
import type { LogEvent, Signal } from "../live/wire.ts";
import { maybeSlot, slot } from "../slots.ts";

const LISTED = new Set(["channel.added", "channel.removed", "channel.placed", "sections.changed"]);

export class ChannelList extends HTMLElement {
  #unread: Record<string, number> | null = null;
  /** Unread replies of each followed thread that has any. */
  #threads: readonly number[] | null = null;

  connectedCallback(): void {
    document.addEventListener("member-signal", this.#signal);
    document.addEventListener("member-event", this.#event);
    document.body.addEventListener("htmx:after:swap", this.#swapped);
  }

  disconnectedCallback(): void {
    document.removeEventListener("member-signal", this.#signal);
    document.removeEventListener("member-event", this.#event);
    document.body.removeEventListener("htmx:after:swap", this.#swapped);
  }

  readonly #signal = (event: Event): void => {
    const { signal, data } = (event as CustomEvent<Signal>).detail;
    if (signal === "threads") this.#threads = Object.values((data ?? {}) as object);
    if (signal === "threads") this.#showThreads();
    if (signal !== "unread") return;
    this.#unread = (data ?? {}) as Record<string, number>;
    this.#show();
  };

  readonly #event = (event: Event): void => {
    const { event: name, data } = (event as CustomEvent<LogEvent>).detail;
    const { channel } = data as { channel?: Channel };
    const me = Number(document.querySelector<HTMLElement>("live-page")?.dataset.member);
    if (name === "channel.changed" && channel) nameListed(channel.topic, titleOf(channel, me));
    if (LISTED.has(name)) document.body.dispatchEvent(new CustomEvent("channels-changed"));
  };

  readonly #swapped = (): void => {
    for (const row of this.#rows()) {
      const link = row.querySelector("a");
      if (row.dataset.topic === this.dataset.current) link?.setAttribute("aria-current", "page");
    }
    this.#show();
  };

  #showThreads(): void {
    const badge = maybeSlot(this, "threads-unread");
    if (!badge || !this.#threads) return;
    const count = this.#threads.reduce((sum, each) => sum + each, 0);
    badge.hidden = count === 0;
    slot(badge, "threads-number").textContent = String(count);
  }

  #show(): void {
    this.#showThreads();
    if (!this.#unread) return;
    for (const row of this.#rows()) {
      const topic = row.dataset.topic ?? "";
      // What the reader is looking at is read, a moment before the server knows.
      const isSeen = document.querySelector("chat-room[data-seeing]") !== null;
      const count = isSeen && topic === this.dataset.current ? 0 : (this.#unread[topic] ?? 0);
      const badge = maybeSlot(row, "unread");
      if (!badge) continue;
      badge.hidden = count === 0;
      slot(badge, "unread-number").textContent = String(count);
      row.querySelector(".row")?.classList.toggle("row-unread", count > 0);
    }
  }

  #rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-topic]")];
  }
}

/** A room of the list is called so now. */
export function nameListed(topic: string, title: string): void {
  const row = document.querySelector<HTMLElement>(
    `channel-list li[data-topic="${topic}"] .row-text`,
  );
  if (!row || !title) return;
  row.textContent = title;
  row.title = title;
}
