/**
 * Edits a message in its place: Enter saves, Escape leaves it as it was.
 *
 * Invariant: the field goes only once the outbox has the new text; what cannot be kept stays typed.
 */

import { clone, slot } from "../slots.ts";
import { growWithText } from "./grow.ts";

export interface EditorOptions {
  /** Holds the template. */
  root: ParentNode;
  /** Resolves once the edit is kept. */
  save(id: number, text: string): Promise<void>;
  explain(error: unknown): string;
}

export class Editor {
  readonly #options: EditorOptions;
  #editing: number | null = null;

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  isEditing(id: number): boolean {
    return this.#editing === id;
  }

  /** Puts the text of a message into a field; `closed` is called when the field is gone again. */
  open(row: HTMLElement, id: number, text: string, closed: () => void): void {
    if (this.#editing !== null) return;
    const form = clone(this.#options.root, "editor") as HTMLFormElement;
    const field = form.elements.namedItem("text") as HTMLTextAreaElement;
    const shown = slot(row, "text");
    field.value = text;
    shown.hidden = true;
    shown.after(form);
    growWithText(field)();
    this.#editing = id;
    const close = (): void => {
      form.remove();
      shown.hidden = false;
      this.#editing = null;
      closed();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value === text) close();
      else if (field.value.trim() !== "") void this.#save(id, field.value, form, close);
    });
    form.addEventListener("click", (event) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.dataset.action === "cancel") close();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      else if (event.target === field) form.requestSubmit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    field.focus();
    field.setSelectionRange(text.length, text.length);
  }

  async #save(id: number, text: string, form: HTMLElement, close: () => void): Promise<void> {
    try {
      await this.#options.save(id, text);
    } catch (error) {
      const line = slot(form, "error");
      line.textContent = this.#options.explain(error);
      line.hidden = false;
      return;
    }
    close();
  }
}
