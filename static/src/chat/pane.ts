/**
 * The pane beside a room: on wide screens a thread opens there, elsewhere on a page of its own.
 *
 * Invariants: the address says which thread is open, so that a reload, a link and the browser's
 * "back" lead to what is seen; the focus goes in only with whoever opened the pane, and back to
 * the message when it closes.
 */

import { slot } from "../slots.ts";

/** As wide as static/src/narrow.css shows the pane. */
const WIDE = "(width >= 75rem)";

export interface PaneOptions {
  /** The pane of the page. */
  element: HTMLElement;
  channel: number;
  /** The thread of this message was closed by its reader. */
  closed(thread: number): void;
}

export class ThreadPane {
  readonly #options: PaneOptions;
  readonly #stops: (() => void)[] = [];
  /** The newest thread that was asked for. */
  #asked: number | null;
  /** The thread that is being closed by its reader. */
  #left: number | null = null;

  constructor(options: PaneOptions) {
    this.#options = options;
    this.#asked = asked();
    const { element } = options;
    const click = (event: MouseEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (!target?.closest('[data-action="close-pane"]')) return;
      event.preventDefault();
      this.close();
    };
    const key = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.key !== "Escape" || event.defaultPrevented || !this.#room) return;
      if (target?.closest("dialog, [popover], .message-editor")) return;
      event.preventDefault();
      this.close();
    };
    const back = (): void => {
      void this.#show(asked(), false);
      this.#leave();
    };
    element.addEventListener("click", click);
    element.addEventListener("keydown", key);
    addEventListener("popstate", back);
    this.#stops.push(
      () => element.removeEventListener("click", click),
      () => element.removeEventListener("keydown", key),
      () => removeEventListener("popstate", back),
    );
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Opens the thread under a message, and takes the focus there. */
  async open(thread: number): Promise<void> {
    const { channel } = this.#options;
    if (!matchMedia(WIDE).matches) {
      location.assign(`/chat/${channel}/t/${thread}/`);
      return;
    }
    if (asked() !== thread) {
      const address = new URL(location.href);
      address.searchParams.set("thread", String(thread));
      address.hash = "";
      history.pushState({ pane: true }, "", address);
    }
    await this.#show(thread, true);
  }

  close(): void {
    this.#left = asked() ?? this.#asked;
    if (history.state?.pane) {
      // The browser drops the focus on its way back; it is given once that is done.
      history.back();
      return;
    }
    const address = new URL(location.href);
    address.searchParams.delete("thread");
    history.replaceState(null, "", address);
    this.#empty();
    this.#leave();
  }

  #leave(): void {
    const thread = this.#left;
    this.#left = null;
    if (thread !== null) this.#options.closed(thread);
  }

  get #room(): HTMLElement | null {
    return this.#options.element.querySelector("chat-room");
  }

  async #show(thread: number | null, takesFocus: boolean): Promise<void> {
    this.#asked = thread;
    if (thread === null) {
      this.#empty();
      return;
    }
    if (this.#room?.dataset.thread !== String(thread)) {
      const page = `/chat/${this.#options.channel}/t/${thread}/`;
      const room = await fetched(`${page}pane/`);
      if (this.#asked !== thread) return;
      if (!room) {
        location.assign(page);
        return;
      }
      slot(this.#options.element, "beside").replaceChildren(room);
      this.#lay(true);
    }
    if (takesFocus) focusOn(this.#room);
  }

  #empty(): void {
    this.#asked = null;
    slot(this.#options.element, "beside").replaceChildren();
    this.#lay(false);
  }

  /** What the pane holds decides how it looks and what it is called. */
  #lay(isThread: boolean): void {
    const { element } = this.#options;
    slot(element, "beside").hidden = !isThread;
    slot(element, "about").hidden = isThread;
    element.toggleAttribute("data-thread", isThread);
    const { threadLabel = "", aboutLabel = "" } = element.dataset;
    element.setAttribute("aria-label", isThread ? threadLabel : aboutLabel);
  }
}

/** The thread that the address asks for. */
function asked(): number | null {
  return Number(new URLSearchParams(location.search).get("thread")) || null;
}

/** The thread as the server renders it; nothing where it cannot be had. */
async function fetched(path: string): Promise<Element | null> {
  try {
    const answer = await fetch(path, { redirect: "error" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const room = page.querySelector("chat-room");
    return room && document.importNode(room, true);
  } catch {
    return null;
  }
}

function focusOn(room: HTMLElement | null): void {
  if (!room) return;
  const field = room.querySelector<HTMLElement>('[data-slot="composer"] textarea');
  (field ?? slot(room, "log")).focus();
}
