/**
 * Arrow keys walk the messages; only the chosen one and its controls are tab stops.
 *
 * Shortcuts of a single character work only while a message has the focus (WCAG 2.1.4).
 */

import { OPEN_SEARCH } from "../elements/search-box.ts";
import type { MessageLog } from "./log.ts";

export interface RowKeys {
  reply(row: HTMLElement): void;
  react(row: HTMLElement): void;
  edit(row: HTMLElement): void;
  remove(row: HTMLElement): void;
  copyLink(row: HTMLElement): void;
  thread(row: HTMLElement): void;
  bookmark(row: HTMLElement): void;
  pin(row: HTMLElement): void;
  unread(row: HTMLElement): void;
  forward(row: HTMLElement): void;
  quote(row: HTMLElement): void;
  more(row: HTMLElement): void;
  /** The reader comes near a row: it gets its tools. */
  equip(row: HTMLElement): void;
  toComposer(): void;
}

export class Rover {
  readonly #log: MessageLog;
  readonly #keys: RowKeys;
  #chosen: HTMLElement | null = null;

  constructor(log: MessageLog, keys: RowKeys) {
    this.#log = log;
    this.#keys = keys;
    for (const row of log.all) this.leave(row);
    log.element.tabIndex = 0;
    log.element.addEventListener("focusin", (event) => {
      const row = event.target instanceof Element ? event.target.closest(".message") : null;
      if (row instanceof HTMLElement) this.choose(row);
      else if (event.target === log.element && this.#chosen?.isConnected) this.#chosen.focus();
    });
    log.element.addEventListener("keydown", (event) => this.#key(event));
    log.element.addEventListener("pointerover", (event) => {
      const row = event.target instanceof Element ? event.target.closest(".message") : null;
      if (row instanceof HTMLElement) keys.equip(row);
    });
  }

  /** Takes a row's controls out of the tab order; for rows that come. */
  leave(row: HTMLElement): void {
    row.tabIndex = -1;
    for (const control of controls(row)) control.tabIndex = -1;
    for (const tool of tools(row)) tool.tabIndex = -1;
  }

  choose(row: HTMLElement): void {
    if (this.#chosen === row) return;
    if (this.#chosen) this.leave(this.#chosen);
    this.#chosen = row;
    row.tabIndex = 0;
    this.#keys.equip(row);
    const first = tools(row).find((tool) => !tool.hidden);
    if (first) first.tabIndex = 0;
    for (const control of controls(row)) control.tabIndex = 0;
    // The chosen message is the tab stop in place of the list.
    this.#log.element.tabIndex = -1;
  }

  focusNewest(): void {
    this.focus(this.#log.all.at(-1));
  }

  /** A row went away or was replaced while it had the focus. */
  forget(row: HTMLElement, next: HTMLElement | null): void {
    const hadFocus = row.contains(document.activeElement);
    if (this.#chosen === row) {
      this.#chosen = null;
      this.#log.element.tabIndex = 0;
    }
    if (hadFocus && next) this.focus(next);
  }

  #key(event: KeyboardEvent): void {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const row = target?.closest<HTMLElement>(".message");
    if (event.key === "Escape" && !target?.closest("form")) {
      event.preventDefault();
      this.#keys.toComposer();
      return;
    }
    if (!target || target.closest("textarea, input")) return;
    if (walkTools(event, target)) return;
    if (this.#walk(event, row ?? null)) {
      event.preventDefault();
      return;
    }
    if (!row || target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#actions()[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(row);
  }

  #actions(): Record<string, (row: HTMLElement) => void> {
    const { reply, react, edit, remove, copyLink } = this.#keys;
    const { thread, bookmark, pin, unread, forward, quote, more } = this.#keys;
    const further = { t: thread, b: bookmark, p: pin, u: unread, f: forward, q: quote, m: more };
    const search = () => document.dispatchEvent(new Event(OPEN_SEARCH));
    return { r: reply, "+": react, e: edit, delete: remove, l: copyLink, "/": search, ...further };
  }

  #walk(event: KeyboardEvent, row: HTMLElement | null): boolean {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const rows = this.#log.all.filter((each) => each.dataset.foreign !== "hide");
    const at = row ? rows.indexOf(row) : rows.length;
    const targets: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = targets[event.key];
    if (next === undefined) return false;
    return this.focus(rows[next]);
  }

  /** Gives a row the focus and brings it into sight; whether there is one. */
  focus(row: HTMLElement | undefined): boolean {
    if (!row) return false;
    this.choose(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  }
}

/** What a row has beside its toolbar, which keeps its own one tab stop. */
function controls(row: HTMLElement): HTMLElement[] {
  const all = [...row.querySelectorAll<HTMLElement>("a, button, textarea, input")];
  return all.filter((control) => !control.closest('[role="toolbar"]'));
}

function tools(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('[role="toolbar"] button')];
}

/** Left, Right, Home and End walk the toolbar of a message, and its tab stop with them. */
function walkTools(event: KeyboardEvent, target: HTMLElement): boolean {
  const bar = target.closest('[role="toolbar"]');
  if (!bar || event.ctrlKey || event.metaKey || event.altKey) return false;
  const all = [...bar.querySelectorAll<HTMLElement>("button")].filter((tool) => !tool.hidden);
  const at = all.indexOf(target);
  const targets: Record<string, number> = {
    ArrowRight: (at + 1) % all.length,
    ArrowLeft: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  const next = all[targets[event.key] ?? -1];
  if (!next) return false;
  event.preventDefault();
  for (const tool of all) tool.tabIndex = tool === next ? 0 : -1;
  next.focus();
  return true;
}
