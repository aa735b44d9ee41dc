/** Chooses an emoji: a grid that arrow keys walk, and a field for any other. */

import { slot } from "../slots.ts";
import { openBeside } from "./beside.ts";

const COLUMNS = 6;

export class EmojiPicker {
  readonly #element: HTMLElement;
  #choose: ((emoji: string) => void) | null = null;
  #opener: HTMLElement | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    const grid = slot(element, "grid");
    grid.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) this.#chosen(button.value);
    });
    grid.addEventListener("keydown", (event) => this.#walk(event, [...grid.children]));
    const form = slot<HTMLFormElement>(element, "other");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = form.elements.namedItem("emoji") as HTMLInputElement;
      this.#chosen(field.value.trim());
      field.value = "";
    });
    element.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") this.#closed();
    });
  }

  /** Opens beside `opener`, which gets the focus back. */
  open(opener: HTMLElement, choose: (emoji: string) => void): void {
    this.#opener = opener;
    this.#choose = choose;
    openBeside(this.#element, opener);
    this.#element.querySelector("button")?.focus();
  }

  #chosen(emoji: string): void {
    const choose = this.#choose;
    this.#element.hidePopover();
    if (emoji) choose?.(emoji);
  }

  #closed(): void {
    this.#choose = null;
    const { activeElement } = document;
    const isElsewhere = activeElement !== document.body && !this.#element.contains(activeElement);
    // Whoever closed it by a press elsewhere is there already.
    if (!isElsewhere) this.#opener?.focus();
    this.#opener = null;
  }

  #walk(event: KeyboardEvent, buttons: Element[]): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    const from = buttons.indexOf(document.activeElement as Element);
    if (step === undefined || from < 0) return;
    event.preventDefault();
    const next = buttons[from + step];
    if (next instanceof HTMLElement) next.focus();
  }
}
