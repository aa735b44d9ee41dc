/**
 * `<live-page>`: gives a signed-in page its live client and says how the connection stands.
 *
 * Invariants: one word, in the shell's status region, changes only when the state does; signing out
 * with unsent writing asks first and then wipes what this browser kept of the member.
 */

import { wipeDrafts } from "../chat/composer.ts";
import { openLive } from "../live/browser.ts";
import type { Live, LiveState } from "../live/client.ts";
import type { LogEvent, Position, Signal } from "../live/wire.ts";
import { clone, slot } from "../slots.ts";
import { fill, type Words, wordsOf } from "../words.ts";

/** A state that lasts shorter is not said: pages load and links change without a flicker. */
const SETTLED_MS = 700;
const NOTICES: Partial<Record<LiveState, string>> = {
  "signed-out": "signed-out",
  "other-member": "other-member",
  outdated: "reload",
};

let giveLive: (live: Live) => void;

/** The page's client; never settles where nobody is signed in. */
export const whenLive = new Promise<Live>((resolve) => {
  giveLive = resolve;
});

/** The page's own CSRF token, for what goes over REST; empty where nobody is signed in. */
export function pageToken(): string {
  return document.querySelector<HTMLElement>("live-page")?.dataset.token ?? "";
}

/** What the member's own topic says, on `document`. */
export interface MemberNews {
  "member-event": CustomEvent<LogEvent>;
  "member-signal": CustomEvent<Signal>;
  /** Events were passed over: what they would have said is to be asked for. */
  "member-resync": CustomEvent;
}

export class LivePage extends HTMLElement {
  #words: Words = {};
  #said = "";
  #shownNotice = "";
  #timer = 0;

  connectedCallback(): void {
    this.#words = wordsOf(this);
    void this.#start();
  }

  async #start(): Promise<void> {
    const live = await openLive(Number(this.dataset.member), this.dataset.token ?? "");
    live.subscribe(() => this.#changed(live));
    document.addEventListener("submit", (event) => this.#signOut(event, live), { capture: true });
    giveLive(live);
    this.#followMember(live);
    this.#changed(live);
    await live.start();
  }

  #followMember(live: Live): void {
    const topic = `member:${live.member}`;
    const tell = (name: keyof MemberNews, detail: LogEvent | Signal): void => {
      document.dispatchEvent(new CustomEvent(name, { detail }));
    };
    live.topics.follow(topic, positionOf(document.querySelector("channel-list")), {
      event: (event) => tell("member-event", event),
      signal: (signal) => {
        if (signal.signal === "waiting") showTotal((signal.data as { unread: number }).unread);
        tell("member-signal", signal);
      },
      resync: async () => {
        const { epoch, seq } = await live.rest.get<Position>(`/api/v1/topics/${topic}/`);
        document.body.dispatchEvent(new CustomEvent("channels-changed"));
        document.dispatchEvent(new CustomEvent("member-resync"));
        return { epoch, seq };
      },
    });
  }

  #changed(live: Live): void {
    clearTimeout(this.#timer);
    const delayMs = live.state === "live" ? 0 : SETTLED_MS;
    this.#timer = window.setTimeout(() => this.#say(live), delayMs);
  }

  #say(live: Live): void {
    const state = fill(this.#words[camel(live.state)]);
    const count = live.waiting;
    const isSaying = count > 0 && live.state !== "live";
    const reason = state.replace(/…$/, "");
    const text = isSaying ? fill(this.#words.waiting, { state: reason, count }) : state;
    for (const place of document.querySelectorAll<HTMLElement>('[data-slot="connection"]')) {
      place.dataset.state = live.state;
      if (place.textContent !== text) place.textContent = text;
    }
    if (this.#said !== live.state) {
      this.#said = live.state;
      this.#notice(NOTICES[live.state] ?? "");
    }
    if (live.hasNewBuild && !this.#shownNotice) this.#notice("reload");
  }

  #notice(name: string): void {
    if (this.#shownNotice === name) return;
    document.querySelector(".live-notice")?.remove();
    this.#shownNotice = name;
    if (!name) return;
    const notice = clone(this, name);
    notice.addEventListener("click", (event) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.dataset.action === "reload") location.reload();
    });
    const signIn = notice.querySelector<HTMLAnchorElement>('[data-action="sign-in"]');
    if (signIn) {
      const back = encodeURIComponent(location.pathname + location.search);
      signIn.href = `${signIn.getAttribute("href")}?next=${back}`;
    }
    (document.querySelector(".messages") ?? document.body).append(notice);
  }

  #signOut(event: SubmitEvent, live: Live): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("signOut" in form.dataset)) return;
    event.preventDefault();
    void this.#leave(form, live);
  }

  async #leave(form: HTMLFormElement, live: Live): Promise<void> {
    const count = live.outbox.writes.length;
    if (count > 0 && !(await this.#confirm(count))) return;
    await live.outbox.wipe();
    wipeDrafts(live.member);
    form.submit();
  }

  #confirm(count: number): Promise<boolean> {
    const dialog = slot<HTMLDialogElement>(this, "unsent");
    const text = slot(dialog, "unsent-text");
    text.textContent = fill(text.dataset.text, { count });
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      const closed = (): void => {
        // Of an earlier closing, when the dialog is open again.
        if (dialog.open) return;
        dialog.removeEventListener("close", closed);
        resolve(dialog.returnValue === "leave");
      };
      dialog.addEventListener("close", closed);
    });
  }
}

/** What is unread in all rooms that are not muted, wherever the page says it. */
function showTotal(unread: number): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-slot="unread-total"]')) {
    place.hidden = unread === 0;
    place.textContent = String(unread);
    place.closest(".row")?.classList.toggle("row-unread", unread > 0);
  }
}

/** The position that a server-rendered element carries, or nothing. */
export function positionOf(element: Element | null): Position | null {
  const { epoch, seq } = element instanceof HTMLElement ? element.dataset : {};
  return epoch && seq ? { epoch, seq: Number(seq) } : null;
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}
