/**
 * `<notice-bell>`: how many notices are unread, wherever the shell says so.
 *
 * Invariants: the count comes whole with each `notices` signal; the last one is kept for the next
 * page of this tab, so that the number does not blink out at every step; lists of notices are the
 * server's, and are fetched again (htmx) when something happened to them.
 */

import { type LogEvent, newKey, type Signal } from "../live/wire.ts";
import { canPush, subscription, tell } from "../push/browser.ts";
import { whenLive } from "./live-page.ts";

/** The server counts up to here. */
const MOST = 100;
const KEPT = "notices-unread";
const TOLD = "push-told";

export class NoticeBell extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("member-signal", this.#signal);
    document.addEventListener("member-event", this.#event);
    document.addEventListener("click", this.#opened);
    const kept = sessionStorage.getItem(this.#place);
    if (kept !== null) this.#show(Number(kept));
    void this.#renewPush().catch(() => undefined);
  }

  disconnectedCallback(): void {
    document.removeEventListener("member-signal", this.#signal);
    document.removeEventListener("member-event", this.#event);
    document.removeEventListener("click", this.#opened);
  }

  get #place(): string {
    return `${KEPT}:${this.dataset.member}`;
  }

  readonly #signal = (event: Event): void => {
    const { signal, data } = (event as CustomEvent<Signal>).detail;
    if (signal !== "notices") return;
    const { unread } = data as { unread: number };
    sessionStorage.setItem(this.#place, String(unread));
    this.#show(unread);
  };

  readonly #event = (event: Event): void => {
    const { event: name } = (event as CustomEvent<LogEvent>).detail;
    if (name.startsWith("notice.")) {
      document.body.dispatchEvent(new CustomEvent("notices-changed"));
    }
  };

  /** Whoever opens a notice has read it; the command is on its way before the page goes. */
  readonly #opened = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>("a.row-unread[data-notices]");
    if (!row) return;
    const ids = (row.dataset.notices ?? "").split(" ").map(Number);
    void whenLive.then((live) =>
      live.push({
        cmd: "notice.read",
        topic: `member:${live.member}`,
        key: newKey(),
        data: { ids },
      }),
    );
  };

  /** A subscription belongs to a session, which changes: once a tab the server is told anew. */
  async #renewPush(): Promise<void> {
    if (!canPush() || Notification.permission !== "granted") return;
    const token = document.querySelector<HTMLElement>("live-page")?.dataset.token;
    const known = await subscription();
    if (!known || !token || sessionStorage.getItem(TOLD) === this.dataset.member) return;
    await tell(known, token);
    sessionStorage.setItem(TOLD, this.dataset.member ?? "");
  }

  #show(count: number): void {
    const number = count < MOST ? String(count) : `${MOST - 1}+`;
    for (const badge of document.querySelectorAll<HTMLElement>('[data-slot="notices-unread"]')) {
      badge.hidden = count === 0;
      badge.textContent = number;
    }
  }
}
