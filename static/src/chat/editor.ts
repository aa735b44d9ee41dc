/**
 * Edits a message in its place, names as they are read: Enter saves, Escape leaves it as it was.
 *
 * Invariant: the field goes only once the outbox has the new text; what cannot be kept stays typed.
 */

import { clone, slot } from "../slots.ts";
import { growWithText } from "./grow.ts";
import { Mentioning } from "./mentioning.ts";

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
  #form: HTMLElement | null = null;

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  isEditing(id: number): boolean {
    return this.#editing === id;
  }

  /** Puts the text of a message into a field; `closed` is called when the field is gone again. */
  open(row: HTMLElement, id: number, text: string, closed: () => void): void {
    // A row may be taken out while it is edited, when the room starts anew.
    if (this.#editing !== null && this.#form?.isConnected) return;
    const form = clone(this.#options.root, "editor") as HTMLFormElement;
    this.#form = form;
    const field = form.elements.namedItem("text") as HTMLTextAreaElement;
    const shown = slot(row, "text");
    const mentioning = new Mentioning();
    const begun = mentioning.fromWire(text);
    field.value = begun;
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
      const { value } = field;
      if (value === begun) close();
      else if (value.trim() !== "") void this.#save(id, mentioning.toWire(value), form, close);
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
    field.setSelectionRange(begun.length, begun.length);
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
