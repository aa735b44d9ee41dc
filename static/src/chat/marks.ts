/** Fills what hangs on a message row: its thread, what it passes on, whom it names. */

import type { Forwarded, Mentioned, Replies } from "../live/schema.ts";
import { slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import { part } from "./parts.ts";
import type { Times } from "./times.ts";

export interface MarksContext {
  /** Holds the templates. */
  root: ParentNode;
  words: Words;
  channel: number;
  me: number;
  organisation: number | null;
  times: Times;
  /** The message whose thread is shown; null in the channel itself. */
  thread: number | null;
}

/** Whether a message names the reader, their organisation or everybody. */
export function isForMe(mentions: readonly Mentioned[], context: MarksContext): boolean {
  return mentions.some(
    ({ kind, id }) =>
      kind === "here" ||
      (kind === "member" && id === context.me) ||
      (kind === "organisation" && id === context.organisation),
  );
}

/** The link to the thread under a message; none within a thread. */
export function fillThread(
  row: HTMLElement,
  id: number,
  replies: Replies | null,
  context: MarksContext,
): void {
  const link = part(row, "thread", replies !== null && context.thread === null, context.root);
  if (!link || !replies) return;
  const { words, times } = context;
  link.setAttribute("href", `/chat/${context.channel}/t/${id}/`);
  const count = replies.total;
  slot(link, "thread-total").textContent = fill(count === 1 ? words.replyOne : words.replies, {
    count,
  });
  slot(link, "thread-people").textContent = replies.people.map((person) => person.name).join(", ");
  const time = slot<HTMLTimeElement>(link, "thread-time");
  const at = new Date(replies.last_at);
  time.dateTime = replies.last_at;
  time.title = times.exact(at);
  time.textContent = times.clock(at);
}

/** What a message passes on; its words were cleaned by the server. */
export function fillForward(
  row: HTMLElement,
  forwarded: Forwarded | null,
  context: MarksContext,
): void {
  const figure = part(row, "forward", forwarded !== null, context.root);
  if (!figure || !forwarded) return;
  slot(figure, "forward-author").textContent = forwarded.author?.name ?? "";
  const room = slot<HTMLAnchorElement>(figure, "forward-room");
  room.hidden = forwarded.channel === null;
  room.textContent = forwarded.room;
  if (forwarded.channel === null) room.removeAttribute("href");
  else room.href = `/chat/${forwarded.channel}/m/${forwarded.message ?? 0}/`;
  const text = slot(figure, "forward-text");
  if (text.innerHTML !== forwarded.html) text.innerHTML = forwarded.html;
  const time = slot<HTMLTimeElement>(figure, "forward-time");
  const at = new Date(forwarded.said_at);
  time.dateTime = forwarded.said_at;
  time.title = context.times.exact(at);
  time.textContent = context.times.clock(at);
}
