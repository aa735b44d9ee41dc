/**
 * `<news-line>`: says that there is something new on a page, and lets its reader fetch it.
 *
 * Invariants: nothing on the page moves by itself; the line appears once, for an event of one's own
 * topic that the page names and that is about the organisation which it shows.
 */

import type { LogEvent } from "../live/wire.ts";
import { slot } from "../slots.ts";

export class NewsLine extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("member-event", this.#event);
  }

  disconnectedCallback(): void {
    document.removeEventListener("member-event", this.#event);
  }

  readonly #event = (event: Event): void => {
    const said = (event as CustomEvent<LogEvent>).detail;
    if (!this.dataset.events?.split(" ").includes(said.event)) return;
    if (String(organisationOf(said.data)) !== this.dataset.organisation) return;
    slot(this, "news").hidden = false;
  };
}

/** Whose matter an event is: each holds one thing, which names its organisation. */
function organisationOf(data: unknown): unknown {
  const [thing] = Object.values((data ?? {}) as Record<string, { organisation?: number } | null>);
  return thing?.organisation;
}
