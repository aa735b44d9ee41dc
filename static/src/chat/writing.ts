/**
 * With what one writes in a room: the composer with its files, names and emoji that complete
 * themselves, a draft that other devices go on with, and a word on whom a message does not reach.
 */

import { browserDoor } from "../files/door.ts";
import type { Live } from "../live/client.ts";
import { browserClock } from "../live/clock.ts";
import type { Typing } from "../live/presence.ts";
import { RestError } from "../live/rest.ts";
import type { Write } from "../live/store.ts";
import { newKey } from "../live/wire.ts";
import { slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import { Attachments } from "./attachments.ts";
import { Complete } from "./complete.ts";
import { Composer, type Draft } from "./composer.ts";
import { Mentioning } from "./mentioning.ts";
import { Suggestions } from "./suggestions.ts";

interface Unreached {
  names: string[];
  is_here_quiet: boolean;
}

export interface WritingOptions {
  root: HTMLElement;
  form: HTMLFormElement;
  live: Live;
  /** The page's own token, which sends files. */
  token: string;
  topic: string;
  channel: number;
  thread: number | null;
  me: number;
  words: Words;
  typing: Typing;
  /** Keeps a write and sends it; rejects when this browser could not keep it. */
  send(cmd: string, data: object): Promise<void>;
  /** The message is on its way. */
  sent(): void;
  /** Tells a screen reader. */
  say(text: string): void;
  /** Leaves the field for the newest message. */
  toMessages(): void;
  /** Why a text could not be kept. */
  explain(error: unknown): string;
}

export class Writing {
  readonly #options: WritingOptions;
  readonly composer: Composer;
  /** Keys of what was saved from here: its echo says nothing new. */
  readonly #saved = new Set<string>();

  constructor(options: WritingOptions) {
    this.#options = options;
    const { root, form, live, token, topic, channel, thread, me, words, typing } = options;
    const { send, sent, say, toMessages, explain } = options;
    // The files of a draft are there before the composer is.
    let composer: Composer | null = null;
    const attachments = new Attachments({
      root,
      form,
      door: browserDoor(token),
      clock: browserClock,
      words,
      mostBytes: Number(form.dataset.mostBytes),
      say,
      complain: (text) => composer?.complain(text),
      changed: () => composer?.filesChanged(),
    });
    const mentioning = new Mentioning();
    const place = thread === null ? topic : `${topic}/${thread}`;
    const suggestions = new Suggestions({
      rest: live.rest,
      channel,
      words,
      mentioning,
      unreachable: (name) => composer?.warn(fill(words.unreachable, { name })),
    });
    new Complete({
      field: form.elements.namedItem("text") as HTMLTextAreaElement,
      list: slot(form, "complete"),
      clock: browserClock,
      suggest: suggestions.suggest,
    });
    const parts = [form, me, place, attachments, words] as const;
    composer = new Composer(...parts, mentioning, browserClock, {
      save: async (text, reply_to) => {
        const data = { channel, thread, text, reply_to };
        const draft = { cmd: "draft.save", topic: `member:${me}`, key: newKey(), data };
        this.#saved.add(draft.key);
        return (await live.push(draft)).status === "ok";
      },
      send: async ({ text, reply, files }) => {
        await send("message.post", {
          text,
          ...(reply && { reply_to: reply.id }),
          ...(thread !== null && { thread }),
          ...(files.length > 0 && { files: files.map((file) => file.id) }),
        });
        sent();
      },
      stroke: () => typing.stroke(),
      rest: () => typing.stop(),
      toMessages,
      explain,
    });
    this.composer = composer;
  }

  /** Another device keeps this draft, or dropped it. */
  heard(key: string | undefined, text: string, reply: Draft["reply"]): void {
    if (key === undefined || !this.#saved.delete(key)) this.composer.taken(text, reply);
  }

  /** After sending: whom the message names without their being able to read it. */
  async warnOfUnreached(write: Write, id: number): Promise<void> {
    const { live, topic, channel, words } = this.#options;
    const { text = "", thread = null } = write.data as { text?: string; thread?: number | null };
    const isHere = write.cmd === "message.post" && write.topic === topic;
    if (!isHere || thread !== this.#options.thread || !/@\[|@here/i.test(text)) return;
    const path = `/api/v1/channels/${channel}/messages/${id}/unreached/`;
    try {
      const { names, is_here_quiet } = await live.rest.get<Unreached>(path);
      const said = [
        ...(is_here_quiet ? [fill(words.hereQuiet)] : []),
        ...(names.length > 0 ? [fill(words.unreached, { names: names.join(", ") })] : []),
      ];
      if (said.length > 0) this.composer.warn(said.join(" "));
    } catch (error) {
      // The message is sent all the same; its author is told no more than that.
      if (!(error instanceof RestError)) throw error;
    }
  }
}
