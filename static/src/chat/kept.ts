/** The messages that stand in the page: the script's half of `kept_messages` (room.py). */

import { maybeSlot } from "../slots.ts";
import type { Card, Message } from "./model.ts";

interface Kept {
  people: Card[];
  /** By id, of those whose page the reader may open, the address of their picture or "". */
  faces: Record<string, string>;
  messages: (Partial<Omit<Message, "author">> & { id: number; author: number | null })[];
}

export interface KeptPage {
  messages: Message[];
  faces: Record<string, string>;
}

export function keptPage(root: ParentNode): KeptPage {
  const text = maybeSlot(root, "kept-messages")?.textContent;
  if (!text) return { messages: [], faces: {} };
  const { faces, messages, people } = JSON.parse(text) as Kept;
  const authors = new Map(people.map((card) => [card.id, card]));
  const whole = messages.map(({ author, ...rest }): Message => {
    const row = root.querySelector(`.message[data-id="${rest.id}"]`);
    const said = (name: string): string => (row && maybeSlot(row, name)?.innerHTML) ?? "";
    return {
      seq: 0,
      text: "",
      html: rest.deleted ? "" : said("text"),
      language: "",
      reply_to: null,
      posted_at: "",
      edited_at: null,
      deleted: false,
      reactions: [],
      mentions: [],
      thread: null,
      replies: null,
      pinned: false,
      previews: [],
      files: [],
      ...rest,
      author: authors.get(author ?? 0) ?? null,
      forwarded: rest.forwarded ? { ...rest.forwarded, html: said("forward-text") } : null,
    };
  });
  return { messages: whole, faces };
}
