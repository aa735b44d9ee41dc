/**
 * Suggestions under a text field: "@" names somebody, ":smi" an emoji; by keyboard or by pointer.
 *
 * Invariant: the focus never leaves the field; the chosen suggestion is said by
 * `aria-activedescendant`.
 */

import type { Clock } from "../live/clock.ts";

export interface Suggestion {
  /** What is put into the field. */
  text: string;
  label: string;
  detail: string;
  chosen(): void;
}

export interface CompleteOptions {
  field: HTMLTextAreaElement;
  list: HTMLElement;
  clock: Clock;
  /** What goes with the beginning of a name, or of an emoji's name. */
  suggest(sign: "@" | ":", begun: string): Promise<readonly Suggestion[]>;
}

const BEGUN = /(?:^|[\s([{])([@:])([\p{L}\p{M}\p{N}_+.'-]{0,40})$/u;
const WAIT_MS = 120;

export class Complete {
  readonly #options: CompleteOptions;
  #shown: readonly Suggestion[] = [];
  #at = 0;
  #begun = "";
  #asked = 0;

  constructor(options: CompleteOptions) {
    this.#options = options;
    const { field, list } = options;
    field.addEventListener("input", () => this.#look());
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    // A pointer must not take the focus out of the field.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      if (item) this.#choose([...list.children].indexOf(item));
    });
  }

  #look(): void {
    const { clock, field, suggest } = this.#options;
    const found = BEGUN.exec(field.value.slice(0, field.selectionStart));
    const [, sign = "", begun = ""] = found ?? [];
    this.#asked += 1;
    const asked = this.#asked;
    if ((sign !== "@" && sign !== ":") || (sign === ":" && begun.length < 2)) {
      this.#close();
      return;
    }
    clock.after(WAIT_MS, () => {
      if (asked !== this.#asked) return;
      void suggest(sign, begun).then((suggestions) => {
        if (asked === this.#asked) this.#show(sign + begun, suggestions);
      });
    });
  }

  #show(begun: string, suggestions: readonly Suggestion[]): void {
    const { field, list } = this.#options;
    this.#begun = begun;
    this.#shown = suggestions;
    this.#at = 0;
    list.replaceChildren(...suggestions.map((each, at) => this.#item(each, at)));
    list.hidden = suggestions.length === 0;
    if (list.hidden) field.removeAttribute("aria-activedescendant");
    else this.#mark();
  }

  #item({ label, detail }: Suggestion, at: number): HTMLElement {
    const item = document.createElement("li");
    item.id = `${this.#options.list.id}-${at}`;
    item.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = label;
    const more = document.createElement("span");
    more.className = "soft small";
    more.textContent = detail;
    item.append(name, " ", more);
    return item;
  }

  #mark(): void {
    const { field, list } = this.#options;
    for (const [at, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(at === this.#at));
      if (at === this.#at) item.scrollIntoView({ block: "nearest" });
    }
    field.setAttribute("aria-activedescendant", `${list.id}-${this.#at}`);
  }

  #key(event: KeyboardEvent): void {
    if (this.#options.list.hidden || event.isComposing) return;
    const count = this.#shown.length;
    if (event.key === "ArrowDown") this.#at = (this.#at + 1) % count;
    else if (event.key === "ArrowUp") this.#at = (this.#at + count - 1) % count;
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#at);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.#options.list.hidden) this.#mark();
  }

  #choose(at: number): void {
    const suggestion = this.#shown[at];
    const { field } = this.#options;
    this.#close();
    if (!suggestion) return;
    const end = field.selectionStart;
    field.setRangeText(`${suggestion.text} `, end - this.#begun.length, end, "end");
    suggestion.chosen();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #close(): void {
    this.#asked += 1;
    this.#options.list.hidden = true;
    this.#options.list.replaceChildren();
    this.#options.field.removeAttribute("aria-activedescendant");
  }
}
