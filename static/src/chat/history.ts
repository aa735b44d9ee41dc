/**
 * Fetches older and newer messages as the reader scrolls, one page at a time.
 *
 * Invariant: while newer messages are missing, what comes live is not shown behind the gap; a page
 * that reaches the end brings it.
 */

import type { Live } from "../live/client.ts";
import { RestError } from "../live/rest.ts";
import type { MessagePage } from "./model.ts";

const PAGE = 50;

export class History {
  readonly #live: Live;
  readonly #path: string;
  hasBefore: boolean;
  hasAfter: boolean;
  #isFetching = false;

  constructor(live: Live, channel: number, hasBefore: boolean, hasAfter: boolean) {
    this.#live = live;
    this.#path = `/api/v1/channels/${channel}/messages/`;
    this.hasBefore = hasBefore;
    this.hasAfter = hasAfter;
  }

  /** The page before or after a message; nothing when there is none, or one is on its way. */
  async fetch(direction: "before" | "after", id: number): Promise<MessagePage | null> {
    const isThere = direction === "before" ? this.hasBefore : this.hasAfter;
    if (this.#isFetching || !isThere) return null;
    this.#isFetching = true;
    try {
      const page = await this.#live.rest.get<MessagePage>(
        `${this.#path}?${direction}=${id}&limit=${PAGE}`,
      );
      if (direction === "before") this.hasBefore = page.has_before;
      else this.hasAfter = page.has_after;
      return page;
    } catch (error) {
      // The link to older messages stays; scrolling there asks again.
      if (error instanceof RestError) return null;
      throw error;
    } finally {
      this.#isFetching = false;
    }
  }
}
