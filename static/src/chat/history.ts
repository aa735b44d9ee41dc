/**
 * Fetches older and newer messages as the reader scrolls, one page at a time.
 *
 * Invariant: while newer messages are missing, what comes live is not shown behind the gap but
 * remembered; whoever closes the gap takes it, so that nothing falls between a page and the socket.
 */

import type { Live } from "../live/client.ts";
import { RestError } from "../live/rest.ts";
import type { Message, MessagePage } from "./model.ts";

const PAGE = 50;

export class History {
  readonly #live: Live;
  readonly #path: string;
  readonly #thread: string;
  hasBefore: boolean;
  hasAfter: boolean;
  #isFetching = false;
  /** The newest messages that came while there was a gap; older ones are in the next page. */
  readonly #skipped = new Map<number, Message>();

  constructor(
    live: Live,
    channel: number,
    thread: number | null,
    hasBefore: boolean,
    hasAfter: boolean,
  ) {
    this.#live = live;
    this.#thread = thread === null ? "" : `&thread=${thread}`;
    this.#path = `/api/v1/channels/${channel}/messages/`;
    this.hasBefore = hasBefore;
    this.hasAfter = hasAfter;
  }

  /** The page before or after a message; nothing when there is none, or one is on its way. */
  async fetch(direction: "before" | "after", id: number): Promise<MessagePage | null> {
    const isThere = direction === "before" ? this.hasBefore : this.hasAfter;
    if (!isThere) return null;
    const page = await this.#get(`${direction}=${id}`);
    if (page && direction === "before") this.hasBefore = page.has_before;
    else if (page) this.hasAfter = page.has_after;
    return page;
  }

  /** The newest page; what is shown of others is to go. */
  async newest(): Promise<MessagePage | null> {
    const page = await this.#get("");
    if (!page) return null;
    this.hasBefore = page.has_before;
    this.hasAfter = false;
    return page;
  }

  /** A message came that has no place yet, or changed before it had one. */
  skip(message: Message): void {
    this.#skipped.set(message.id, message);
    const [oldest] = this.#skipped.keys();
    if (this.#skipped.size > PAGE && oldest !== undefined) this.#skipped.delete(oldest);
  }

  isSkipped(id: number): boolean {
    return this.#skipped.has(id);
  }

  /** What came behind the gap, once it is closed. */
  takeSkipped(): Message[] {
    if (this.hasAfter) return [];
    const skipped = [...this.#skipped.values()];
    this.#skipped.clear();
    return skipped;
  }

  async #get(query: string): Promise<MessagePage | null> {
    if (this.#isFetching) return null;
    this.#isFetching = true;
    try {
      return await this.#live.rest.get<MessagePage>(
        `${this.#path}?${query}&limit=${PAGE}${this.#thread}`,
      );
    } catch (error) {
      // The links to other messages stay; scrolling there asks again.
      if (error instanceof RestError) return null;
      throw error;
    } finally {
      this.#isFetching = false;
    }
  }
}
