/**
 * Messages as the wire has them, and what the reader sees of them: pure, no DOM.
 *
 * Invariants: a shown message is the last one the server told plus this member's unsent writes, in
 * the order they were written; dropping a write therefore restores what was there.
 */

import type {
  Card,
  ChannelState,
  EditMessage,
  Mentioned,
  MessagePosted,
  React,
  ReactionTotal,
} from "../live/schema.ts";
import type { Write } from "../live/store.ts";
import type { Position } from "../live/wire.ts";

export type { Card, ReplyTo } from "../live/schema.ts";
export type Reaction = ReactionTotal;
export type Message = MessagePosted;
export type Channel = ChannelState;

export interface MessagePage extends Position {
  results: Message[];
  has_before: boolean;
  has_after: boolean;
}

/** How a message's unsent write stands; "sent": acknowledged, its event still to come. */
export type Standing = "waiting" | "sending" | "sent" | "failed";

export interface Shown {
  message: Message;
  /** The text is this member's own, not yet rendered by the server. */
  isPlain: boolean;
  standing: Standing | null;
  /** The write that `standing` is about. */
  write: Write | null;
}

/** What a member calls a channel: its name, else the names of the others in it. */
export function titleOf({ name, people }: Channel, me: number): string {
  return name || people.flatMap((each) => (each.id === me ? [] : [each.name])).join(", ");
}

/** What is left of a message that the server says is gone. */
export function gone(id: number, known: Message | undefined): Message | null {
  if (!known) return null;
  const nothing = { reactions: [], mentions: [], previews: [], files: [] };
  return {
    ...known,
    ...nothing,
    id,
    text: "",
    html: "",
    reply_to: null,
    deleted: true,
    pinned: false,
    forwarded: null,
  };
}

/** The message as the reader sees it with unsent edits, deletions and reactions of `me` on top. */
export function shownWith(
  message: Message,
  writes: readonly Write[],
  me: number,
  standingOf: (write: Write) => Standing,
): Shown {
  const shown: Shown = { message, isPlain: false, standing: null, write: null };
  for (const write of writes) {
    const standing = standingOf(write);
    shown.standing = standing;
    shown.write = write;
    // A failed write is said beside the message; the message shows what others see.
    if (standing === "failed") continue;
    if (write.cmd === "message.edit") {
      const { text } = write.data as EditMessage;
      shown.message = { ...shown.message, text };
      shown.isPlain = true;
    } else if (write.cmd === "message.react") {
      const { emoji, on = true } = write.data as React;
      const reactions = withReaction(shown.message.reactions, emoji, on, me);
      shown.message = { ...shown.message, reactions };
    }
  }
  return shown;
}

/** The message id that a write is about; null for a new message. */
export function targetOf(write: Write): number | null {
  const { id } = (write.data ?? {}) as { id?: unknown };
  return typeof id === "number" ? id : null;
}

function withReaction(
  reactions: readonly Reaction[],
  emoji: string,
  on: boolean,
  me: number,
): readonly Reaction[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if ((known?.members.includes(me) ?? false) === on) return reactions;
  if (!known) return [...reactions, { emoji, total: 1, members: [me] }];
  const total = known.total + (on ? 1 : -1);
  const members = on ? [...known.members, me] : known.members.filter((id) => id !== me);
  return reactions
    .map((reaction) => (reaction === known ? { emoji, total, members } : reaction))
    .filter((reaction) => reaction.total > 0);
}

/** The message with this member as they are called now; null where it does not name them. */
export function namedAnew(message: Message, card: Card): Message | null {
  const isThey = (each: { id: number } | null | undefined): boolean => each?.id === card.id;
  const isNamed = (each: Mentioned): boolean => each.kind === "member" && isThey(each);
  const { author, forwarded, mentions, replies, reply_to } = message;
  const anew = {
    ...(isThey(author) && { author: card }),
    ...(reply_to && isThey(reply_to.author) && { reply_to: { ...reply_to, author: card } }),
    ...(forwarded && isThey(forwarded.author) && { forwarded: { ...forwarded, author: card } }),
    ...(replies?.people.some(isThey) && {
      replies: { ...replies, people: replies.people.map((each) => (isThey(each) ? card : each)) },
    }),
    ...(mentions.some(isNamed) && {
      mentions: mentions.map((each) => (isNamed(each) ? { ...each, name: card.name } : each)),
    }),
  };
  return Object.keys(anew).length > 0 ? { ...message, ...anew } : null;
}

/** The languages that the reader reads, what becomes of others, and what languages are called. */
export interface Reading {
  reads: ReadonlySet<string>;
  others: string;
  names: Readonly<Record<string, string>>;
}

/** Whether a message of somebody else is in a language that the reader does not read. */
export function isForeign(message: Message, reading: Reading, me: number): boolean {
  const { language, deleted, author } = message;
  if (language === "" || deleted || author?.id === me) return false;
  return reading.reads.size > 0 && !reading.reads.has(language);
}

/** Messages of one author within five minutes of each other on one day read as one. */
export function continues(previous: GroupKey | null, next: GroupKey): boolean {
  if (!previous || previous.author === null || previous.author !== next.author) return false;
  if (previous.isHidden) return false;
  const apartMs = next.at.getTime() - previous.at.getTime();
  return !next.isReply && apartMs >= 0 && apartMs < 5 * 60_000 && previous.day === next.day;
}

export interface GroupKey {
  author: number | null;
  at: Date;
  /** ISO date in the reader's zone. */
  day: string;
  isReply: boolean;
  /** The reader hides its language. */
  isHidden?: boolean;
}

/** Two tones and a pattern; the same numbers as `flag_number` in server/templatetags/look.py. */
export function flagOf(organisation: number | null | undefined): { pattern: number; tone: string } {
  if (!organisation) return { pattern: 9, tone: "none" };
  const number = (organisation * 101) % 256;
  return { pattern: number % 16, tone: String(Math.floor(number / 16)) };
}

/** "Tartu Loomemajanduskeskus, EE"; what is missing is left out. */
export function placeOf(card: Card): string {
  return [card.organisation, card.country].filter(Boolean).join(", ");
}
