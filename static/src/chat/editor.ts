/** Edits a message in its place: Enter saves, Escape leaves it as it was. */

import { clone, slot } from "../slots.ts";
import { growWithText } from "./grow.ts";

export class Editor {
  readonly #root: ParentNode;
  readonly #save: (id: number, text: string) => Promise<void>;
  #open: { id: number; form: HTMLElement } | null = null;

  constructor(root: ParentNode, save: (id: number, text: string) => Promise<void>) {
    this.#root = root;
    this.#save = save;
  }

  isEditing(id: number): boolean {
    return this.#open?.id === id;
  }

  /** Puts the text of a message into a field; `closed` is called when the field is gone again. */
  open(row: HTMLElement, id: number, text: string, closed: () => void): void {
    if (this.#open) return;
    const form = clone(this.#root, "editor") as HTMLFormElement;
    const field = form.elements.namedItem("text") as HTMLTextAreaElement;
    const shown = slot(row, "text");
    field.value = text;
    shown.hidden = true;
    shown.after(form);
    growWithText(field)();
    this.#open = { id, form };
    const close = (): void => {
      form.remove();
      shown.hidden = false;
      this.#open = null;
      closed();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const changed = field.value;
      if (changed.trim() === "") return;
      close();
      if (changed !== text) void this.#save(id, changed);
    });
    form.addEventListener("click", (event) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.dataset.action === "cancel") close();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      else form.requestSubmit();
      event.preventDefault();
      event.stopPropagation();
    });
    field.focus();
    field.setSelectionRange(text.length, text.length);
  }
}
