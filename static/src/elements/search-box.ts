/**
 * `<search-box>`: opens the search over any page with Ctrl+K or Cmd+K, and with `/` on a message.
 *
 * Invariant: it is a form of the search page in a dialog; without a script its link leads there.
 */

import { maybeSlot, slot } from "../slots.ts";

/** Asks the search to open; for other elements' keys. */
export const OPEN_SEARCH = "open-search";

export class SearchBox extends HTMLElement {
  readonly #open = (): void => {
    const dialog = slot<HTMLDialogElement>(this, "dialog");
    if (dialog.open) return;
    const here = slot<HTMLInputElement>(this, "here");
    const room = document.querySelector<HTMLElement>("chat-room")?.dataset.channel ?? "";
    here.value = room;
    here.disabled = room === "";
    slot(this, "here-field").hidden = room === "";
    dialog.showModal();
    slot<HTMLInputElement>(this, "words").select();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isAsked || event.key.toLowerCase() !== "k" || event.repeat) return;
    // On the search page its own field is at hand.
    const field = document.querySelector<HTMLInputElement>("main .search input[name=q]");
    event.preventDefault();
    if (field) field.select();
    else this.#open();
  };

  connectedCallback(): void {
    document.addEventListener("keydown", this.#key);
    document.addEventListener(OPEN_SEARCH, this.#open);
    maybeSlot(this, "close")?.addEventListener("click", () => {
      slot<HTMLDialogElement>(this, "dialog").close();
    });
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#key);
    document.removeEventListener(OPEN_SEARCH, this.#open);
  }
}
