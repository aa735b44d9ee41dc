/**
 * `<member-list>`: keeps a page of who is in a room as the room has it.
 *
 * Invariants: the page is the server's and is fetched again (htmx, by morphing), at most every
 * second; focus, scroll and what somebody is about to choose there stay as they are.
 */

import type { Live } from "../live/client.ts";
import type { Closed, Position } from "../live/wire.ts";
import { slot } from "../slots.ts";
import { positionOf, whenLive } from "./live-page.ts";

/** Events of a channel that change what the page shows. */
const SHOWN = new Set([
  "channel.changed",
  "member.joined",
  "member.left",
  "member.removed",
  "member.role_changed",
  "person.changed",
]);
const OUT = new Set(["member.left", "member.removed"]);
const EVERY_MS = 1_000;

export class MemberList extends HTMLElement {
  #stop: () => void = () => undefined;
  #isWaiting = false;
  /** The member may not read the page any more: what stands there stays. */
  #isOver = false;

  connectedCallback(): void {
    void whenLive.then((live) => {
      if (this.isConnected) this.#follow(live);
    });
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  #follow(live: Live): void {
    const { topic = "" } = this.dataset;
    this.#stop = live.topics.follow(topic, positionOf(this), {
      event: ({ event, data }) => {
        const { member } = data as { member?: { id: number } };
        // Of oneself what one may do here tells, or that it is over.
        const isOwnEnd = member?.id === live.member && OUT.has(event);
        if (SHOWN.has(event) && !isOwnEnd) this.#again();
      },
      can: (commands) => {
        const can = commands.join(" ");
        if (can !== this.dataset.can) this.#again();
        this.dataset.can = can;
      },
      resync: async () => {
        const { epoch, seq } = await live.rest.get<Position>(`/api/v1/topics/${topic}/`);
        this.#again();
        return { epoch, seq };
      },
      closed: (closed) => this.#closed(closed),
    });
  }

  #again(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      if (!this.#isOver) document.body.dispatchEvent(new CustomEvent("people-changed"));
    }, EVERY_MS);
  }

  #closed({ code }: Closed): void {
    this.#isOver = true;
    slot(this, code === "removed" ? "removed" : "gone").hidden = false;
  }
}
