/**
 * `<unread-list>`: all that is unread, gone through by keyboard.
 *
 * Invariants: the page is the server's; here are keys alone, and counts that fall to nothing when a
 * room is read elsewhere. Keys are left alone where somebody types or holds a modifier.
 */

import type { Signal } from "../live/wire.ts";
import { maybeSlot } from "../slots.ts";

export class UnreadList extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", this.#key);
    document.addEventListener("member-signal", this.#signal);
    if (document.activeElement === document.body) this.#parts()[0]?.focus({ preventScroll: true });
  }

  disconnectedCallback(): void {
    document.removeEventListener("member-signal", this.#signal);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as HTMLElement;
    const part = target.closest<HTMLElement>("section[data-topic]");
    if (!part) return;
    const parts = this.#parts();
    const at = parts.indexOf(part);
    if (event.key === "ArrowDown" || event.key === "j") this.#go(parts[at + 1], event);
    else if (event.key === "ArrowUp" || event.key === "k") this.#go(parts[at - 1], event);
    else if (event.key === "Enter" && target === part) part.querySelector("a")?.click();
    else if (event.key === "m") maybeSlot<HTMLFormElement>(part, "read")?.requestSubmit();
  };

  readonly #signal = (event: Event): void => {
    const { signal, data } = (event as CustomEvent<Signal>).detail;
    if (signal !== "unread" && signal !== "threads") return;
    const counts = (data ?? {}) as Record<string, number>;
    for (const part of this.#parts()) {
      const { topic = "" } = part.dataset;
      // Rooms and threads are counted by a signal each.
      if (topic.includes("/") !== (signal === "threads")) continue;
      const count = counts[topic] ?? 0;
      const number = maybeSlot(part, "unread-number");
      if (number) number.textContent = String(count);
      part.classList.toggle("is-read", count === 0);
    }
  };

  #go(part: HTMLElement | undefined, event: KeyboardEvent): void {
    if (!part) return;
    event.preventDefault();
    part.focus();
    part.scrollIntoView({ block: "nearest" });
  }

  #parts(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("section[data-topic]")];
  }
}
