/**
 * What stands in a room's log, and in which order: the page it came with, what comes live, what the
 * reader fetches, and a whole new start where the socket cannot go on.
 *
 * Invariants: a message stands once, in the order of the log; while newer ones are missing, what
 * comes is remembered and not shown behind the gap; what the reader looks at stays where it is.
 */

import type { Live } from "../live/client.ts";
import type { LogEvent, Position } from "../live/wire.ts";
import { maybeSlot, slot } from "../slots.ts";
import type { Words } from "../words.ts";
import type { Announcer } from "./announcer.ts";
import { History } from "./history.ts";
import type { MessageLog } from "./log.ts";
import type { Card, Channel, Message, MessagePage } from "./model.ts";
import type { Present } from "./present.ts";
import type { Reading } from "./reading.ts";
import type { Room } from "./room.ts";

/** A room that stays open drops its oldest rows; scrolling up brings them back. */
const MOST_ROWS = 500;
const KEPT_ROWS = 250;
/** As many messages as a snapshot holds; only one that is shorter is the whole room. */
const SNAPSHOT = 50;

interface Snapshot extends Position {
  data: { channel: Channel; messages: Message[] };
}

export interface TimelineOptions {
  /** The element with the room's slots, and in its data what the page knows of itself. */
  root: HTMLElement;
  live: Live;
  topic: string;
  channel: number;
  /** The message whose thread this is; null in the channel itself. */
  thread: number | null;
  me: number;
  words: Words;
  room: Room;
  log: MessageLog;
  reading: Reading;
  present: Present;
  announcer: Announcer;
  /** A row came that nobody has walked to. */
  came(row: HTMLElement): void;
  /** The channel's name, purpose or people changed. */
  renamed(channel: Channel): void;
  /** Somebody is called or looks otherwise now. */
  nameAnew(card: Card): void;
  /** There is more, or no more, before or behind what is shown. */
  edgesChanged(): void;
}

export class Timeline {
  readonly #options: TimelineOptions;
  readonly #history: History;

  constructor(options: TimelineOptions) {
    this.#options = options;
    const { live, channel, thread, root } = options;
    const { dataset } = root;
    this.#history = new History(live, channel, thread, "before" in dataset, "after" in dataset);
  }

  /** Newer messages are missing below what is shown. */
  get hasAfter(): boolean {
    return this.#history.hasAfter;
  }

  event(event: LogEvent): void {
    const { reading, log, room, renamed, nameAnew, thread } = this.#options;
    const { data, key, seq } = event as LogEvent<
      Message & { channel: Channel; member: Card; gone?: boolean; excerpt?: string }
    >;
    switch (event.event) {
      case "message.posted":
        if (data.gone) room.bury(data.id);
        else if (data.thread === thread) this.#posted(data, key);
        else reading.came(seq, false);
        break;
      case "message.edited":
      case "message.deleted":
        log.keepingPlace(() => {
          if (data.gone) room.bury(data.id);
          else if (room.message(data.id)) room.put(data);
          else if (this.#history.isSkipped(data.id)) this.#history.skip(data);
          else if (this.#belongs(data)) room.put(data);
          room.quote(data.id, data.excerpt ?? "");
        });
        break;
      case "message.marked":
      case "message.previewed":
      case "message.pinned":
      case "thread.changed":
        log.keepingPlace(() => room.change(data.id, event.data as Partial<Message>));
        break;
      case "message.reacted":
        log.keepingPlace(() => room.react(data.id, data.reactions ?? []));
        break;
      case "channel.changed":
        renamed(data.channel);
        break;
      case "person.changed":
        if (!data.gone) nameAnew(data.member);
        break;
      default:
    }
    if (event.event !== "message.posted") reading.came(seq, false);
  }

  /** Starts anew from a snapshot, where the socket cannot go on from the page's position. */
  async resync(): Promise<Position> {
    const { live, topic, thread, renamed } = this.#options;
    if (thread !== null) return this.#resyncThread(thread);
    const path = `/api/v1/topics/${topic}/`;
    const { data, epoch, seq } = await live.rest.get<Snapshot>(path);
    this.#restart(data.messages, data.messages.length >= SNAPSHOT);
    renamed(data.channel);
    this.#options.reading.came(seq, false);
    return { epoch, seq };
  }

  /** Fetches the page before or behind what is shown, if there is one. */
  async more(direction: "before" | "after"): Promise<void> {
    const { log, room, reading, thread, came } = this.#options;
    const ids = log.ids;
    // The message under which a thread stands is always the first of its rows.
    const first = thread === null ? ids[0] : ids[1];
    const edge = direction === "before" ? first : ids.at(-1);
    if (edge === undefined) return;
    const page = await this.#history.fetch(direction, edge);
    if (!page) return;
    // Fetched behind the reader's back, so that what they look at stays.
    log.keepingPlaceNotEnd(() => {
      const messages = [...page.results, ...this.#history.takeSkipped()];
      for (const message of messages) came(room.put(message));
      if (direction === "before") this.#moveNewLine(edge, page.results);
      this.showEdges();
    });
    if (direction === "after") reading.look();
  }

  /** What is unread begins further up than the page that the reader came to. */
  #moveNewLine(first: number, older: readonly Message[]): void {
    const { log, me, root, words } = this.#options;
    const line = maybeSlot(root, "new-line");
    if (!line || log.row(first)?.previousElementSibling !== line) return;
    const read = Number(root.dataset.read);
    const fresh = older.find(({ author, seq }) => seq > read && author?.id !== me);
    const row = fresh && log.row(fresh.id);
    if (row) log.markNew(row, words.newLine ?? "");
  }

  /** From an old place to the newest messages, which then are all that is shown. */
  async toNewest(): Promise<boolean> {
    const { room, thread } = this.#options;
    const page = await this.#history.newest();
    if (!page) return false;
    const root = thread === null ? undefined : room.message(thread);
    const rest = [...page.results, ...this.#history.takeSkipped()];
    room.replace(root ? [root, ...rest] : rest);
    this.showEdges();
    return true;
  }

  showEdges(): void {
    const { root, edgesChanged } = this.#options;
    slot(root, "older").hidden = !this.#history.hasBefore;
    slot(root, "newer").hidden = !this.#history.hasAfter;
    edgesChanged();
  }

  /** Where the reader starts: at the linked message, the first new one, or the end. */
  arrive(): HTMLElement | null {
    const { root, log, room } = this.#options;
    const around = Number(root.dataset.around);
    const linked = around ? log.row(around) : undefined;
    const newLine = maybeSlot(root, "new-line");
    if (linked) {
      linked.dataset.around = "";
      linked.scrollIntoView({ block: "center" });
    } else if (newLine) newLine.scrollIntoView({ block: "center" });
    else log.scrollToEnd();
    room.refresh();
    if (!linked && !newLine) log.scrollToEnd();
    return linked ?? null;
  }

  /** Its posting came as gone, since it was deleted by then; what is left of it has its place. */
  #belongs(message: Message): boolean {
    if (message.thread !== this.#options.thread || this.#history.hasAfter) return false;
    return !this.#history.hasBefore || this.#options.room.reaches(message.id);
  }

  #posted(message: Message, key: string | undefined): void {
    const { me, room, log, reading, present, announcer, thread, words } = this.#options;
    const isMine = message.author?.id === me;
    const isKnown = room.message(message.id) !== undefined;
    if (message.author) present.stopTyping(message.author.id);
    // Behind a gap it would stand out of order.
    if (this.#history.hasAfter && !isKnown) this.#history.skip(message);
    else {
      const wasSeeing = log.isAtEnd && document.visibilityState === "visible";
      log.keepingPlace(() => {
        const row = room.put(message, key, !isKnown);
        const isFirstUnseen = !isMine && !isKnown && !wasSeeing && reading.unseen === 0;
        if (isFirstUnseen) log.markNew(row, words.newLine ?? "");
        if (wasSeeing && thread === null && room.trim(MOST_ROWS, KEPT_ROWS)) {
          this.#history.hasBefore = true;
          this.showEdges();
        }
      });
    }
    reading.came(message.seq, !isMine && !isKnown);
    if (!isMine && !isKnown) announcer.message(message);
  }

  async #resyncThread(thread: number): Promise<Position> {
    const { live, channel, reading } = this.#options;
    const path = `/api/v1/channels/${channel}/messages/`;
    const page = await live.rest.get<MessagePage>(`${path}?thread=${thread}`);
    const root = await live.rest.get<Message>(`${path}${thread}/`);
    this.#restart([root, ...page.results], page.has_before);
    reading.came(page.seq, false);
    return { epoch: page.epoch, seq: page.seq };
  }

  #restart(messages: readonly Message[], hasBefore: boolean): void {
    const { log, room } = this.#options;
    log.keepingPlace(() => room.replace(messages));
    this.#history.hasAfter = false;
    this.#history.takeSkipped();
    this.#history.hasBefore = hasBefore;
    this.showEdges();
  }
}
