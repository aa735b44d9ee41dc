/** The menu of a message: what its tools have no room for; Up and Down walk it, Escape leaves it. */

import { slot } from "../slots.ts";
import { openBeside } from "./beside.ts";

/** What an item is now: gone, a page, or something that is done here; its words where they vary. */
export interface Item {
  href?: string;
  act?: () => void;
  text?: string;
}

export class RowMenu {
  readonly #element: HTMLElement;
  #items: Record<string, Item> = {};
  #opener: HTMLElement | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    element.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("[data-do]") : null;
      if (!(item instanceof HTMLElement)) return;
      const { act } = this.#items[item.dataset.do ?? ""] ?? {};
      element.hidePopover();
      act?.();
    });
    element.addEventListener("keydown", (event) => this.#walk(event));
    element.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState !== "closed") return;
      const { activeElement } = document;
      if (activeElement === document.body || element.contains(activeElement)) this.#opener?.focus();
      this.#opener = null;
    });
  }

  /** Opens beside `opener`, which gets the focus back; an item that is not named is not offered. */
  open(opener: HTMLElement, items: Record<string, Item>): void {
    this.#items = items;
    this.#opener = opener;
    for (const element of this.#all()) {
      const name = element.dataset.do ?? "";
      const item = items[name];
      element.hidden = !item;
      element.tabIndex = -1;
      if (item?.href) element.setAttribute("href", item.href);
      if (item?.text) slot(element, `menu-${name}`).textContent = item.text;
    }
    openBeside(this.#element, opener);
    this.#offered()[0]?.focus();
  }

  #all(): HTMLElement[] {
    return [...this.#element.querySelectorAll<HTMLElement>("[data-do]")];
  }

  #offered(): HTMLElement[] {
    return this.#all().filter((element) => !element.hidden);
  }

  #walk(event: KeyboardEvent): void {
    const items = this.#offered();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    if (event.key === "Tab") this.#element.hidePopover();
    const next = targets[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  }
}
