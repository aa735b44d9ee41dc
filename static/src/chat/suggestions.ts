/** What the composer suggests: people and organisations from the server, emoji kept here. */

import type { Rest } from "../live/rest.ts";
import { fill, type Words } from "../words.ts";
import type { Suggestion } from "./complete.ts";
import type { Mentioning } from "./mentioning.ts";

const MOST = 8;

/** Somebody whom a message could name, as the server suggests them. */
interface Candidate {
  kind: string;
  id: number;
  name: string;
  detail: string;
  reads: boolean;
}

export interface SuggestionsOptions {
  rest: Rest;
  channel: number;
  words: Words;
  mentioning: Mentioning;
  /** Somebody was named who cannot read the channel. */
  unreachable(name: string): void;
}

export class Suggestions {
  readonly #options: SuggestionsOptions;
  #emoji: Promise<Record<string, string>> | null = null;

  constructor(options: SuggestionsOptions) {
    this.#options = options;
  }

  suggest = async (sign: "@" | ":", begun: string): Promise<readonly Suggestion[]> => {
    try {
      return sign === "@" ? await this.#people(begun) : await this.#emojiLike(begun);
    } catch {
      // Offline: what is written stays what it is.
      this.#emoji = null;
      return [];
    }
  };

  async #people(begun: string): Promise<readonly Suggestion[]> {
    const { channel, mentioning, rest, unreachable, words } = this.#options;
    const path = `/api/v1/channels/${channel}/mentionable/?q=${encodeURIComponent(begun)}`;
    const { results } = await rest.get<{ results: Candidate[] }>(path);
    return results.map((each) => ({
      text: mentioning.written(each),
      label: `@${each.name}`,
      detail: each.kind === "here" ? (words.hereDetail ?? "") : this.#detail(each),
      chosen: () => {
        if (!each.reads) unreachable(each.name);
      },
    }));
  }

  #detail({ detail, reads }: Candidate): string {
    return reads ? detail : fill(this.#options.words.notHere, { detail });
  }

  async #emojiLike(begun: string): Promise<readonly Suggestion[]> {
    this.#emoji ??= this.#options.rest.get<Record<string, string>>("/api/v1/emoji/");
    const wanted = begun.toLowerCase();
    const names = Object.entries(await this.#emoji).filter(([name]) => name.includes(wanted));
    names.sort(([a], [b]) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)));
    return names.slice(0, MOST).map(([name, emoji]) => ({
      text: emoji,
      label: emoji,
      detail: `:${name}:`,
      chosen: () => undefined,
    }));
  }
}
