/**
 * The list of messages: keeps rows in order, groups and divides them, and keeps the reader's place.
 *
 * Invariants: rows stand in the order of their ids, unsent ones after them in the order they were
 * written; what comes never moves what the reader looks at, unless they stand at the end.
 */

import { maybeSlot, slot } from "../slots.ts";
import { continues, type GroupKey, type Shown } from "./model.ts";
import { fillRow, makeRow, type RowContext } from "./row.ts";

/** Nearer to the end than this counts as standing there. */
const END_PX = 48;

export class MessageLog {
  readonly element: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #unsent: HTMLElement;
  readonly #context: RowContext;
  readonly #byId = new Map<number, HTMLElement>();

  constructor(context: RowContext) {
    this.#context = context;
    this.element = slot(context.root, "log");
    this.#rows = slot(context.root, "rows");
    this.#unsent = slot(context.root, "unsent");
    for (const row of this.#messages()) this.#byId.set(Number(row.dataset.id), row);
  }

  get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  /** The same where the list can be seen: a thread may have taken its place on a small screen. */
  get isAtEndInSight(): boolean {
    return this.element.clientHeight > 0 && this.isAtEnd;
  }

  /** Ids of the messages shown, in order. */
  get ids(): number[] {
    return this.#messages().map((row) => Number(row.dataset.id));
  }

  /** All rows that keys move between, unsent ones last. */
  get all(): HTMLElement[] {
    return [...this.#messages(), ...this.#unsentRows()];
  }

  row(id: number): HTMLElement | undefined {
    return this.#byId.get(id);
  }

  scrollToEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** Runs `change` so that what the reader looks at stays where it is; the end stays the end. */
  keepingPlace(change: () => void): void {
    if (!this.isAtEnd) {
      this.keepingPlaceNotEnd(change);
      return;
    }
    change();
    this.scrollToEnd();
  }

  /** The same, but the end is a place like any other: what comes behind it stays out of sight. */
  keepingPlaceNotEnd(change: () => void): void {
    const top = this.element.getBoundingClientRect().top;
    const anchor = this.all.find((row) => row.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected && before !== undefined) {
      this.element.scrollTop += anchor.getBoundingClientRect().top - before;
    }
  }

  /** Shows a message in its place, new or known; the row. */
  show(shown: Shown, isNew = false): HTMLElement {
    const { id } = shown.message;
    const known = this.#byId.get(id);
    if (known) {
      fillRow(known, shown, this.#context);
      return known;
    }
    const row = makeRow(shown, this.#context);
    if (isNew) row.classList.add("settle");
    this.#byId.set(id, row);
    const next = this.#messages().find((each) => Number(each.dataset.id) > id);
    // Dividers belong to the row under them.
    const place = next ? this.#withDividers(next) : null;
    this.#rows.insertBefore(row, place);
    this.#divide(row);
    if (next) this.#divide(next);
    return row;
  }

  /** Takes out rows that are not of these ids. */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const [id, row] of this.#byId) {
      if (ids.has(id)) continue;
      row.remove();
      this.#byId.delete(id);
    }
    for (const divider of this.#rows.querySelectorAll(".room-day")) divider.remove();
    for (const row of this.#messages()) this.#divide(row);
  }

  /** Puts an unsent row at the end. */
  addUnsent(row: HTMLElement): void {
    this.#unsent.append(row);
    this.#group(row);
  }

  /** Draws the line above the first new message; an older one goes. */
  markNew(row: HTMLElement, word: string): void {
    this.unmarkNew();
    const line = document.createElement("p");
    line.className = "room-new";
    line.dataset.slot = "new-line";
    const text = document.createElement("span");
    text.textContent = word;
    line.append(text);
    row.before(line);
    this.#group(row);
  }

  unmarkNew(): void {
    const line = maybeSlot(this.#rows, "new-line");
    const row = line?.nextElementSibling;
    line?.remove();
    if (row instanceof HTMLElement && row.dataset.id) this.#group(row);
  }

  /** A day's heading above the first message of each day, and whether the row continues another. */
  #divide(row: HTMLElement): void {
    const { times } = this.#context;
    const at = new Date(row.dataset.at ?? "");
    const day = times.day(at);
    const heading = this.#dayAbove(row);
    const before = this.#messageBefore(row);
    const isFirst = !before || times.day(new Date(before.dataset.at ?? "")) !== day;
    if (!isFirst) heading?.remove();
    else if (heading?.dataset.day !== day) {
      heading?.remove();
      this.#withNewLine(row).before(this.#dayHeading(day, at));
    }
    this.#group(row);
  }

  #group(row: HTMLElement): void {
    const before = this.#messageBefore(row);
    const isDivided = row.previousElementSibling !== before && row.parentElement === this.#rows;
    const isContinued = !isDivided && continues(before && this.#key(before), this.#key(row));
    row.classList.toggle("message-continued", isContinued);
  }

  #key(row: HTMLElement): GroupKey {
    const at = new Date(row.dataset.at ?? "");
    const author = Number(row.dataset.author) || null;
    const day = this.#context.times.day(at);
    const isHidden = row.dataset.foreign === "hide";
    return { author, at, day, isReply: row.hasAttribute("data-reply"), isHidden };
  }

  #dayHeading(day: string, at: Date): HTMLElement {
    const heading = document.createElement("h2");
    heading.className = "room-day";
    heading.dataset.day = day;
    const time = document.createElement("time");
    time.dateTime = day;
    time.textContent = this.#context.times.dayName(at);
    heading.append(time);
    return heading;
  }

  #messages(): HTMLElement[] {
    return [...this.#rows.querySelectorAll<HTMLElement>(":scope > .message")];
  }

  #unsentRows(): HTMLElement[] {
    return [...this.#unsent.querySelectorAll<HTMLElement>(":scope > .message")];
  }

  #messageBefore(row: HTMLElement): HTMLElement | null {
    let before = row.previousElementSibling;
    while (before && !before.classList.contains("message")) before = before.previousElementSibling;
    if (!before && row.parentElement === this.#unsent) before = this.#messages().at(-1) ?? null;
    return before instanceof HTMLElement ? before : null;
  }

  #dayAbove(row: HTMLElement): HTMLElement | null {
    const above = this.#withNewLine(row).previousElementSibling;
    return above instanceof HTMLElement && above.classList.contains("room-day") ? above : null;
  }

  #withNewLine(row: HTMLElement): HTMLElement {
    const above = row.previousElementSibling;
    return above instanceof HTMLElement && above.dataset.slot === "new-line" ? above : row;
  }

  #withDividers(row: HTMLElement): HTMLElement {
    return this.#dayAbove(row) ?? this.#withNewLine(row);
  }
}
