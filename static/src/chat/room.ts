/**
 * What a room knows: its messages, this member's unsent writes on top, and the rows that show both.
 *
 * Invariants: a message posted here is shown once, whether its event or its `ok` comes first; a row
 * shows what the server said last with the writes that are still on their way.
 */

import type { Outbox } from "../live/outbox.ts";
import type { Write } from "../live/store.ts";
import type { Ok } from "../live/wire.ts";
import type { MessageLog } from "./log.ts";
import { withName } from "./mentioning.ts";
import {
  type Card,
  gone,
  type Message,
  namedAnew,
  type Reaction,
  type Shown,
  type Standing,
  shownWith,
  targetOf,
} from "./model.ts";
import { fillStanding, makeUnsentRow, type RowContext } from "./row.ts";

export interface RoomOptions {
  topic: string;
  me: Card;
  outbox: Outbox;
  log: MessageLog;
  context: RowContext;
  /** A row that must not be drawn over now (it is being edited). */
  isHeld(id: number): boolean;
  /** An unsent row gives way to the message it became, or went away. */
  replaced(row: HTMLElement, by: HTMLElement | null): void;
  added(row: HTMLElement): void;
}

export class Room {
  readonly #options: RoomOptions;
  readonly #messages = new Map<number, Message>();
  readonly #unsent = new Map<string, HTMLElement>();
  /** Keys whose message stands in the log already, or never will. */
  readonly #landed = new Set<string>();
  /** Acknowledged keys by the id of the message that is still to come. */
  readonly #awaited = new Map<number, string>();
  #touched = new Set<number>();

  constructor(options: RoomOptions, messages: readonly Message[]) {
    this.#options = options;
    for (const message of messages) this.#messages.set(message.id, message);
  }

  message(id: number): Message | undefined {
    return this.#messages.get(id);
  }

  /** Whether a message of this id would stand among those that are shown, not before them. */
  reaches(id: number): boolean {
    return [...this.#messages.keys()].some((known) => known < id);
  }

  write(key: string): Write | undefined {
    return this.#writes().find((write) => write.key === key);
  }

  /** The newest unsettled write about a message. */
  writeAbout(id: number): Write | undefined {
    return this.#writes()
      .filter((write) => targetOf(write) === id)
      .at(-1);
  }

  /** Shows a message as the server has it now; `key` when it may be one of ours. */
  put(message: Message, key?: string, isNew = false): HTMLElement {
    this.#messages.set(message.id, message);
    const row = this.#draw(message.id, isNew);
    const ours = key ?? this.#awaited.get(message.id);
    if (ours) this.#land(ours, row);
    if (isNew) this.#options.added(row);
    return row;
  }

  /** Keeps a message's other parts and takes its new reactions. */
  react(id: number, reactions: readonly Reaction[]): void {
    const message = this.#messages.get(id);
    if (message) this.put({ ...message, reactions });
  }

  /** Keeps a message's other parts and takes these. */
  change(id: number, parts: Partial<Message>): void {
    const message = this.#messages.get(id);
    if (message) this.put({ ...message, ...parts });
  }

  /** What replies quote of a message from now on; of one that is deleted, nothing. */
  quote(id: number, excerpt: string): void {
    for (const message of this.#messages.values()) {
      if (message.reply_to?.id !== id || message.reply_to.excerpt === excerpt) continue;
      this.put({ ...message, reply_to: { ...message.reply_to, excerpt } });
    }
  }

  /** Somebody is called otherwise now. */
  nameAnew(card: Card): void {
    if (card.id === this.#options.me.id) this.#options.me = card;
    for (const message of this.#messages.values()) {
      const anew = namedAnew(message, card);
      if (!anew) continue;
      const isMentioned = anew.mentions !== message.mentions;
      this.put(isMentioned ? { ...anew, html: withName(anew.html, card) } : anew);
    }
  }

  /** The server says that the message is gone. */
  bury(id: number): void {
    const left = gone(id, this.#messages.get(id));
    if (left) this.put(left);
  }

  /** Takes a snapshot: exactly these messages. */
  replace(messages: readonly Message[]): void {
    this.#keepOnly(new Set(messages.map((message) => message.id)));
    for (const message of messages) this.#options.added(this.put(message));
  }

  /** Forgets the oldest messages but `kept` once there are more than `most`; whether it did. */
  trim(most: number, kept: number): boolean {
    if (this.#messages.size <= most) return false;
    const ids = [...this.#messages.keys()].sort((a, b) => a - b).slice(-kept);
    this.#keepOnly(new Set(ids));
    return true;
  }

  /**
   * The server acknowledged a write. Its message came already, by event or in a page that names no
   * key, or it will.
   */
  sent(write: Write, ok: Ok): void {
    const unsent = this.#unsent.get(write.key);
    if (!unsent) return;
    const id = Number(ok.id);
    const row = this.#messages.has(id) ? this.#options.log.row(id) : undefined;
    if (row) this.#land(write.key, row);
    else {
      this.#awaited.set(id, write.key);
      fillStanding(unsent, "sent", write, this.#options.context);
    }
  }

  /** Draws a message again, with what is unsent. */
  redraw(id: number): void {
    if (this.#messages.has(id)) this.#draw(id, false);
  }

  /** Draws what these members said again. */
  redrawOf(members: ReadonlySet<number>): void {
    for (const { author, id } of this.#messages.values()) {
      if (author && members.has(author.id)) this.redraw(id);
    }
  }

  /** Brings the rows in line with the outbox. */
  refresh(): void {
    const writes = this.#writes();
    const touched = new Set<number>();
    const posts = new Set<string>();
    for (const write of writes) {
      const id = targetOf(write);
      if (id !== null) touched.add(id);
      else if (write.cmd === "message.post" && !this.#landed.has(write.key)) {
        posts.add(write.key);
        this.#showPost(write);
      }
    }
    for (const [key, row] of this.#unsent) {
      if (posts.has(key) || row.dataset.standing === "sent") continue;
      this.#unsent.delete(key);
      this.#options.replaced(row, null);
      row.remove();
    }
    for (const id of new Set([...touched, ...this.#touched])) this.redraw(id);
    this.#touched = touched;
  }

  #keepOnly(ids: ReadonlySet<number>): void {
    for (const id of this.#messages.keys()) if (!ids.has(id)) this.#messages.delete(id);
    this.#options.log.keepOnly(ids);
  }

  #showPost(write: Write): void {
    const { context, log, me } = this.#options;
    const standing = this.#standing(write);
    const known = this.#unsent.get(write.key);
    if (known) {
      fillStanding(known, standing, write, context);
      return;
    }
    const row = makeUnsentRow(write, standing, me, context);
    this.#unsent.set(write.key, row);
    log.addUnsent(row);
    this.#options.added(row);
  }

  #land(key: string, row: HTMLElement): void {
    this.#landed.add(key);
    this.#awaited.delete(Number(row.dataset.id));
    const unsent = this.#unsent.get(key);
    if (!unsent) return;
    this.#unsent.delete(key);
    this.#options.added(row);
    this.#options.replaced(unsent, row);
    unsent.remove();
    row.classList.remove("settle");
  }

  #draw(id: number, isNew: boolean): HTMLElement {
    const { log, isHeld } = this.#options;
    const row = log.row(id);
    if (row && isHeld(id)) return row;
    return log.show(this.#shown(id), isNew);
  }

  #shown(id: number): Shown {
    const message = this.#messages.get(id) as Message;
    const writes = this.#writes().filter((write) => targetOf(write) === id);
    return shownWith(message, writes, this.#options.me.id, (write) => this.#standing(write));
  }

  #standing(write: Write): Standing {
    if (write.state === "failed") return "failed";
    return this.#options.outbox.isUnderWay(write.key) ? "sending" : "waiting";
  }

  #writes(): readonly Write[] {
    const { outbox, topic } = this.#options;
    return outbox.writes.filter((write) => write.topic === topic && this.#isHere(write));
  }

  /** A message for the channel is none for a thread in it, and the other way round. */
  #isHere(write: Write): boolean {
    if (write.cmd !== "message.post") return true;
    const { thread = null } = write.data as { thread?: number | null };
    return thread === this.#options.context.thread;
  }
}
