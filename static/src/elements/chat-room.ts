/**
 * `<chat-room>`: makes a server-rendered room live.
 *
 * Invariants: the page is a snapshot at `data-epoch` and `data-seq`, and the topic is followed from
 * there, so nothing falls between page and socket; focus and scroll are never taken from the reader.
 */

import { MessageActs } from "../chat/acts.ts";
import { Announcer } from "../chat/announcer.ts";
import { Attachments } from "../chat/attachments.ts";
import { Complete } from "../chat/complete.ts";
import { Composer } from "../chat/composer.ts";
import { Editor } from "../chat/editor.ts";
import { Faces } from "../chat/faces.ts";
import { History } from "../chat/history.ts";
import { type KeptPage, keptPage } from "../chat/kept.ts";
import { Rover } from "../chat/keys.ts";
import { MessageLog } from "../chat/log.ts";
import { Mentioning } from "../chat/mentioning.ts";
import { RowMenu } from "../chat/menu.ts";
import type { Card, Channel, Message, MessagePage } from "../chat/model.ts";
import { ThreadPane } from "../chat/pane.ts";
import { EmojiPicker } from "../chat/picker.ts";
import { Present } from "../chat/present.ts";
import { Reading } from "../chat/reading.ts";
import { Room } from "../chat/room.ts";
import type { RowContext } from "../chat/row.ts";
import { Suggestions } from "../chat/suggestions.ts";
import { Times } from "../chat/times.ts";
import { browserDoor } from "../files/door.ts";
import { FrameTooLarge, type Live } from "../live/client.ts";
import { browserClock } from "../live/clock.ts";
import { Typing } from "../live/presence.ts";
import { RestError } from "../live/rest.ts";
import type { Write } from "../live/store.ts";
import {
  type Closed,
  type Command,
  type LogEvent,
  newKey,
  type Position,
  type Signal,
} from "../live/wire.ts";
import { maybeSlot, pressed, slot } from "../slots.ts";
import { fill, type Words, wordsOf } from "../words.ts";
import { pageToken, positionOf, whenLive } from "./live-page.ts";

/** Nearer to an edge than this, the next page is fetched. */
const NEAR_PX = 600;
/** A room that stays open drops its oldest rows; scrolling up brings them back. */
const MOST_ROWS = 500;
const KEPT_ROWS = 250;

interface Snapshot extends Position {
  data: { channel: Channel; messages: Message[] };
}

export class ChatRoom extends HTMLElement {
  #live!: Live;
  #topic = "";
  #me!: Card;
  #words: Words = {};
  #can = new Set<string>();
  #log!: MessageLog;
  #room!: Room;
  #history!: History;
  #reading!: Reading;
  #rover!: Rover;
  #faces!: Faces;
  #acts!: MessageActs;
  #announcer!: Announcer;
  #present!: Present;
  #editor!: Editor;
  #composer: Composer | null = null;
  #typing!: Typing;
  /** The message whose thread is shown; null in the channel itself. */
  #thread: number | null = null;
  /** A thread in the pane beside its room. */
  #isBeside = false;
  /** Where the room's threads open; nothing in a thread. */
  #pane: ThreadPane | null = null;
  #bookmarks = new Set<number>();
  #unsubscribe: (() => void)[] = [];

  connectedCallback(): void {
    void whenLive.then((live) => {
      if (this.isConnected) this.#begin(live);
    });
  }

  disconnectedCallback(): void {
    for (const stop of this.#unsubscribe.splice(0)) stop();
  }

  #begin(live: Live): void {
    const { dataset } = this;
    this.#live = live;
    this.#topic = dataset.topic ?? "";
    this.#words = wordsOf(maybeSlot(this, "words"));
    this.#can = new Set(dataset.can?.split(" "));
    this.#me = {
      id: Number(dataset.me),
      name: dataset.name ?? "",
      organisation: dataset.organisation ?? "",
      country: dataset.country ?? "",
      organisation_id: Number(dataset.organisationId) || null,
    };
    const channel = Number(dataset.channel);
    this.#thread = Number(dataset.thread) || null;
    this.#isBeside = "pane" in dataset;
    this.#bookmarks = new Set(dataset.bookmarks?.split(" ").filter(Boolean).map(Number));
    const page = keptPage(this);
    const context = this.#context(channel, page);
    this.#log = new MessageLog(context);
    this.#history = new History(
      live,
      channel,
      this.#thread,
      "before" in dataset,
      "after" in dataset,
    );
    this.#present = new Present(this, this.#me.id, this.#words, browserClock);
    this.#typing = new Typing(browserClock, (on) => {
      live.socket.signal(this.#topic, "typing", { on });
    });
    this.#announcer = new Announcer(slot(this, "announce"), this.#words, browserClock);
    this.#editor = new Editor({
      root: this,
      save: (id, text) => this.#send("message.edit", { id, text }),
      explain: (error) => this.#explain(error),
    });
    this.#makeRoom(context, page.messages);
    this.#makeReading();
    this.#makeRover(context);
    this.#makeComposer();
    this.#makePane();
    this.#listen();
    this.#arrive();
    this.#follow();
  }

  #context(channel: number, page: KeptPage): RowContext {
    this.#faces = new Faces(page.faces, this.#live.rest, browserClock, (members) =>
      this.#log.keepingPlace(() => this.#room.redrawOf(members)),
    );
    this.#faces.settle(page.messages.flatMap(({ author }) => (author ? [author.id] : [])));
    return {
      faces: this.#faces,
      bookmarks: this.#bookmarks,
      root: this,
      prefix: this.#isBeside ? "pane-" : "",
      words: this.#words,
      channel,
      me: this.#me.id,
      organisation: this.#me.organisation_id ?? null,
      thread: this.#thread,
      times: new Times(document.documentElement.lang, this.dataset.timeZone ?? ""),
      can: (command) => this.#can.has(command),
      reading: {
        reads: new Set(this.dataset.reads?.split(" ").filter(Boolean)),
        others: this.dataset.others ?? "show",
        names: JSON.parse(maybeSlot(this, "kept-languages")?.textContent ?? "{}"),
      },
    };
  }

  #makeRoom(context: RowContext, messages: readonly Message[]): void {
    this.#room = new Room(
      {
        topic: this.#topic,
        me: this.#me,
        outbox: this.#live.outbox,
        log: this.#log,
        context,
        isHeld: (id) => this.#editor.isEditing(id),
        replaced: (row, by) => this.#rover.forget(row, by),
        added: (row) => this.#rover.leave(row),
      },
      messages,
    );
  }

  #makeReading(): void {
    this.#reading = new Reading(Number(this.dataset.read ?? 0), {
      clock: browserClock,
      isSeeing: () => {
        const isVisible = document.visibilityState === "visible";
        const isSeeing = isVisible && !this.#history.hasAfter && this.#log.isAtEndInSight;
        this.toggleAttribute("data-seeing", isSeeing);
        return isSeeing;
      },
      tell: async (seq) => {
        const cmd = this.#thread === null ? "channel.read" : "thread.read";
        if (!this.#can.has(cmd)) return true;
        const data = this.#thread === null ? { seq } : { id: this.#thread, seq };
        return (await this.#live.push(this.#write(cmd, this.#topic, data))).status === "ok";
      },
      changed: () => this.#showJump(),
    });
  }

  #makeRover(context: RowContext): void {
    this.#acts = new MessageActs({
      root: this,
      me: this.#me.id,
      room: this.#room,
      outbox: this.#live.outbox,
      picker: new EmojiPicker(slot(this, "picker")),
      menu: new RowMenu(slot(this, "menu")),
      context,
      editor: this.#editor,
      composer: () => this.#composer,
      can: (command) => this.#can.has(command),
      send: (cmd, data) => this.#send(cmd, data),
      choose: (row) => {
        this.#rover.choose(row);
        row.focus({ preventScroll: true });
      },
      linkCopied: () => this.#announcer.say(this.#words.linkCopied ?? ""),
      channel: Number(this.dataset.channel),
      words: this.#words,
      bookmarks: this.#bookmarks,
      say: (text) => this.#announcer.say(text),
      markUnread: (id, _seq, row) => {
        this.#reading.takeBack();
        this.#log.markNew(row, this.#words.newLine ?? "");
        void this.#live.push(this.#write("channel.unread", this.#topic, { id }));
      },
      openThread: (id) => this.#openThread(id),
    });
    this.#rover = new Rover(this.#log, this.#acts);
  }

  #makeComposer(): void {
    const form = maybeSlot<HTMLFormElement>(this, "composer");
    if (!form) return;
    const attachments = new Attachments({
      root: this,
      form,
      door: browserDoor(pageToken()),
      clock: browserClock,
      words: this.#words,
      mostBytes: Number(form.dataset.mostBytes),
      say: (text) => this.#announcer.say(text),
      complain: (text) => this.#composer?.complain(text),
      changed: () => this.#composer?.filesChanged(),
    });
    const mentioning = new Mentioning();
    const place = this.#thread === null ? this.#topic : `${this.#topic}/${this.#thread}`;
    const channel = Number(this.dataset.channel);
    const suggestions = new Suggestions({
      rest: this.#live.rest,
      channel,
      words: this.#words,
      mentioning,
      unreachable: (name) => this.#composer?.warn(fill(this.#words.unreachable, { name })),
    });
    new Complete({
      field: form.elements.namedItem("text") as HTMLTextAreaElement,
      list: slot(form, "complete"),
      clock: browserClock,
      suggest: suggestions.suggest,
    });
    const parts = [form, this.#me.id, place, attachments, this.#words] as const;
    this.#composer = new Composer(...parts, mentioning, browserClock, {
      save: async (text, reply_to) => {
        const data = { channel, thread: this.#thread, text, reply_to };
        const write = this.#write("draft.save", `member:${this.#me.id}`, data);
        return (await this.#live.push(write)).status === "ok";
      },
      send: async ({ text, reply, files }) => {
        await this.#send("message.post", {
          text,
          ...(reply && { reply_to: reply.id }),
          ...(this.#thread !== null && { thread: this.#thread }),
          ...(files.length > 0 && { files: files.map((file) => file.id) }),
        });
        this.#toEnd();
      },
      stroke: () => this.#typing.stroke(),
      rest: () => this.#typing.stop(),
      toMessages: () => this.#rover.focusNewest(),
      explain: (error) => this.#explain(error),
    });
  }

  #makePane(): void {
    const element = document.getElementById("context");
    if (this.#thread !== null || !element) return;
    this.#pane = new ThreadPane({
      element,
      channel: Number(this.dataset.channel),
      closed: (thread) => {
        const row = this.#log.row(thread);
        if (row) this.#rover.focus(row);
        else this.#composer?.focus();
      },
    });
    this.#unsubscribe.push(() => this.#pane?.stop());
  }

  #openThread(id: number): void {
    if (this.#pane) void this.#pane.open(id);
    else if (id !== this.#thread) location.assign(`/chat/${this.dataset.channel}/t/${id}/`);
  }

  #listen(): void {
    this.addEventListener("click", (event) => this.#click(event));
    this.#log.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const seen = (): void => this.#reading.look();
    const heard = (event: Event): void => this.#heard((event as CustomEvent<LogEvent>).detail);
    document.addEventListener("member-event", heard);
    this.#unsubscribe.push(() => document.removeEventListener("member-event", heard));
    document.addEventListener("visibilitychange", seen);
    addEventListener("focus", seen);
    this.#unsubscribe.push(
      () => document.removeEventListener("visibilitychange", seen),
      () => removeEventListener("focus", seen),
      this.#live.outbox.subscribe((change) => {
        if (change.kind === "sent") {
          this.#room.sent(change.write, change.ok);
          void this.#warnOfUnreached(change.write, Number(change.ok.id));
        } else this.#log.keepingPlace(() => this.#room.refresh());
      }),
    );
    const size = new ResizeObserver(this.#keepEnd());
    size.observe(this.#log.element);
    this.#unsubscribe.push(() => size.disconnect());
    for (const button of this.querySelectorAll<HTMLElement>('[data-action="shortcuts"]')) {
      button.hidden = false;
    }
  }

  /** After sending: whom the message names without their being able to read it. */
  async #warnOfUnreached(write: Write, id: number): Promise<void> {
    const { text = "", thread = null } = write.data as { text?: string; thread?: number | null };
    const isHere = write.cmd === "message.post" && write.topic === this.#topic;
    if (!isHere || thread !== this.#thread || !text.includes("@[")) return;
    const path = `/api/v1/channels/${this.dataset.channel}/messages/${id}/unreached/`;
    try {
      const { names } = await this.#live.rest.get<{ names: string[] }>(path);
      const said = fill(this.#words.unreached, { names: names.join(", ") });
      if (names.length > 0) this.#composer?.warn(said);
    } catch (error) {
      // The message is sent all the same; its author is told no more than that.
      if (!(error instanceof RestError)) throw error;
    }
  }

  /** A composer that grows, or a keyboard that opens, must not hide the newest message. */
  #keepEnd(): () => void {
    let wasAtEnd = this.#log.isAtEnd;
    this.#log.element.addEventListener(
      "scroll",
      () => {
        wasAtEnd = this.#log.isAtEnd;
      },
      { passive: true },
    );
    return () => {
      if (wasAtEnd) this.#log.scrollToEnd();
    };
  }

  /** Where the reader starts: at the linked message, the first new one, or the end. */
  #arrive(): void {
    const around = Number(this.dataset.around);
    const linked = around ? this.#log.row(around) : undefined;
    const newLine = maybeSlot(this, "new-line");
    if (linked) {
      linked.dataset.around = "";
      linked.scrollIntoView({ block: "center" });
      this.#rover.choose(linked);
    } else if (newLine) newLine.scrollIntoView({ block: "center" });
    else this.#log.scrollToEnd();
    this.#room.refresh();
    if (!linked && !newLine) this.#log.scrollToEnd();
    this.#reading.came(Number(this.dataset.seq), false);
    this.#showJump();
  }

  #follow(): void {
    const stop = this.#live.topics.follow(this.#topic, positionOf(this), {
      event: (event) => this.#event(event),
      signal: (signal) => this.#signal(signal),
      resync: () => this.#resync(),
      can: (commands) => this.#allow(commands),
      closed: (closed) => this.#closed(closed),
    });
    this.#unsubscribe.push(stop);
  }

  /** What the member did elsewhere. */
  #heard({ event, data }: LogEvent): void {
    const { channel, id, on, text, thread } = data as {
      channel?: number;
      id?: number;
      on?: boolean;
      text?: string;
      thread?: number | null;
    };
    if (channel !== Number(this.dataset.channel)) return;
    if (event === "bookmark.changed" && id !== undefined) {
      if (on) this.#bookmarks.add(id);
      else this.#bookmarks.delete(id);
      this.#room.redraw(id);
    } else if (event === "draft.saved" || event === "draft.dropped") {
      if ((thread ?? null) === this.#thread) this.#composer?.taken(text ?? "");
    }
  }

  #write(cmd: string, topic: string, data: object): Command & { key: string } {
    return { cmd, topic, key: newKey(), data };
  }

  #event(event: LogEvent): void {
    const { data, key, seq } = event as LogEvent<
      Message & { channel: Channel; member: Card; gone?: boolean; excerpt?: string }
    >;
    switch (event.event) {
      case "message.posted":
        if (data.gone) this.#room.bury(data.id);
        else if (data.thread === this.#thread) this.#posted(data, key);
        else this.#reading.came(seq, false);
        break;
      case "message.edited":
      case "message.deleted":
        this.#log.keepingPlace(() => {
          if (data.gone) this.#room.bury(data.id);
          else if (this.#room.message(data.id)) this.#room.put(data);
          else if (this.#history.isSkipped(data.id)) this.#history.skip(data);
          else if (this.#belongs(data)) this.#room.put(data);
          this.#room.quote(data.id, data.excerpt ?? "");
        });
        break;
      case "message.marked":
      case "message.previewed":
      case "message.pinned":
      case "thread.changed":
        this.#log.keepingPlace(() => this.#room.change(data.id, event.data as Partial<Message>));
        break;
      case "message.reacted":
        this.#log.keepingPlace(() => this.#room.react(data.id, data.reactions ?? []));
        break;
      case "channel.changed":
        this.#renamed(data.channel);
        break;
      case "person.changed":
        if (!data.gone) this.#nameAnew(data.member);
        break;
      default:
    }
    if (event.event !== "message.posted") this.#reading.came(seq, false);
  }

  /** Its posting came as gone, since it was deleted by then; what is left of it has its place. */
  #belongs(message: Message): boolean {
    if (message.thread !== this.#thread || this.#history.hasAfter) return false;
    return !this.#history.hasBefore || this.#room.reaches(message.id);
  }

  #posted(message: Message, key: string | undefined): void {
    const isMine = message.author?.id === this.#me.id;
    const isKnown = this.#room.message(message.id) !== undefined;
    if (message.author) this.#present.stopTyping(message.author.id);
    // Behind a gap it would stand out of order.
    if (this.#history.hasAfter && !isKnown) this.#history.skip(message);
    else {
      const wasSeeing = this.#log.isAtEnd && document.visibilityState === "visible";
      this.#log.keepingPlace(() => {
        const row = this.#room.put(message, key, !isKnown);
        const isFirstUnseen = !isMine && !isKnown && !wasSeeing && this.#reading.unseen === 0;
        if (isFirstUnseen) this.#log.markNew(row, this.#words.newLine ?? "");
        if (wasSeeing && this.#thread === null && this.#room.trim(MOST_ROWS, KEPT_ROWS)) {
          this.#history.hasBefore = true;
          this.#showEdges();
        }
      });
    }
    this.#reading.came(message.seq, !isMine && !isKnown);
    if (!isMine && !isKnown) this.#announcer.message(message);
  }

  #signal(signal: Signal): void {
    if (signal.signal === "presence") this.#present.presence(signal);
    else if (signal.signal === "typing") this.#present.typing(signal);
  }

  async #resync(): Promise<Position> {
    if (this.#thread !== null) return this.#resyncThread(this.#thread);
    const path = `/api/v1/topics/${this.#topic}/`;
    const { data, epoch, seq } = await this.#live.rest.get<Snapshot>(path);
    this.#log.keepingPlace(() => this.#room.replace(data.messages));
    this.#history.hasAfter = false;
    this.#history.takeSkipped();
    // The snapshot holds the newest fifty; only one that is shorter is the whole room.
    this.#history.hasBefore = data.messages.length >= 50;
    this.#showEdges();
    this.#renamed(data.channel);
    this.#reading.came(seq, false);
    return { epoch, seq };
  }

  async #resyncThread(thread: number): Promise<Position> {
    const path = `/api/v1/channels/${this.dataset.channel}/messages/`;
    const page = await this.#live.rest.get<MessagePage>(`${path}?thread=${thread}`);
    const root = await this.#live.rest.get<Message>(`${path}${thread}/`);
    this.#log.keepingPlace(() => this.#room.replace([root, ...page.results]));
    this.#history.hasAfter = false;
    this.#history.takeSkipped();
    this.#history.hasBefore = page.has_before;
    this.#showEdges();
    this.#reading.came(page.seq, false);
    return { epoch: page.epoch, seq: page.seq };
  }

  #allow(commands: readonly string[]): void {
    const could = this.#can.has("message.post");
    this.#can = new Set(commands);
    this.#reading.look();
    if (this.#composer) this.#composer.form.hidden = !this.#can.has("message.post");
    if (could !== this.#can.has("message.post")) {
      for (const row of this.#log.all) this.#room.redraw(Number(row.dataset.id));
    }
  }

  #closed({ code, to }: Closed): void {
    if (code === "moved" && to) {
      location.assign(`/${to.replace(":", "/")}/`);
      return;
    }
    const notice = slot(this, "closed");
    slot(this, "closed-text").textContent =
      (code === "removed" ? this.#words.removed : this.#words.gone) ?? "";
    notice.hidden = false;
    this.#present.leave();
    this.#allow([]);
  }

  #renamed(channel: Channel): void {
    const others = channel.people.filter((person) => person.id !== this.#me.id);
    const title = channel.name || others.map((person) => person.name).join(", ");
    for (const name of this.querySelectorAll('[data-slot="name"]')) {
      if (title) name.textContent = title;
    }
    slot(this, "purpose").textContent = channel.purpose;
    if (!this.#isBeside) document.body.dispatchEvent(new CustomEvent("channels-changed"));
  }

  /** Somebody is called or looks otherwise now. */
  #nameAnew(card: Card): void {
    if (card.id === this.#me.id) this.#me = card;
    this.#log.keepingPlace(() => this.#room.nameAnew(card));
    this.#present.nameAnew(card);
    this.#faces.renew(card.id);
  }

  async #more(direction: "before" | "after"): Promise<void> {
    const ids = this.#log.ids;
    // The message under which a thread stands is always the first of its rows.
    const first = this.#thread === null ? ids[0] : ids[1];
    const edge = direction === "before" ? first : ids.at(-1);
    if (edge === undefined) return;
    const page = await this.#history.fetch(direction, edge);
    if (!page) return;
    // Fetched behind the reader's back, so that what they look at stays.
    this.#log.keepingPlaceNotEnd(() => {
      const messages = [...page.results, ...this.#history.takeSkipped()];
      for (const message of messages) this.#rover.leave(this.#room.put(message));
      this.#showEdges();
    });
    if (direction === "after") this.#reading.look();
  }

  #showEdges(): void {
    slot(this, "older").hidden = !this.#history.hasBefore;
    slot(this, "newer").hidden = !this.#history.hasAfter;
    this.#showJump();
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log.element;
    if (scrollTop < NEAR_PX) void this.#more("before");
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) void this.#more("after");
    this.#reading.look();
    this.#showJump();
  }

  #showJump(): void {
    const button = slot(this, "jump");
    const count = this.#reading.unseen;
    button.hidden = this.#log.isAtEnd && !this.#history.hasAfter;
    slot(button, "jump-text").textContent =
      count > 0 ? fill(this.#words.new, { count }) : (this.#words.newest ?? "");
  }

  #toEnd(): void {
    if (this.#history.hasAfter) {
      void this.#toNewest();
      return;
    }
    this.#log.unmarkNew();
    this.#log.scrollToEnd();
    this.#reading.look();
  }

  /** From an old place in the room to its newest messages, which then are all that is shown. */
  async #toNewest(): Promise<void> {
    const page = await this.#history.newest();
    if (!page) return;
    const root = this.#thread === null ? undefined : this.#room.message(this.#thread);
    const rest = [...page.results, ...this.#history.takeSkipped()];
    this.#room.replace(root ? [root, ...rest] : rest);
    if (!this.#isBeside) forgetPlace();
    this.#showEdges();
    this.#toEnd();
  }

  #click(event: MouseEvent): void {
    const press = pressed(event);
    if (!press || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { action, target } = press;
    const row = target.closest<HTMLElement>(".message");
    const acts: Record<string, () => void> = {
      jump: () => this.#toEnd(),
      newest: () => this.#toEnd(),
      older: () => void this.#more("before"),
      newer: () => void this.#more("after"),
      shortcuts: () => slot<HTMLDialogElement>(this, "shortcuts").showModal(),
    };
    const isOfRow = row !== null && this.#acts.press(action, row, target);
    acts[action]?.();
    if (isOfRow || action in acts) event.preventDefault();
  }

  /** Keeps a write and sends it; rejects when this browser could not keep it. */
  async #send(cmd: string, data: object): Promise<void> {
    await this.#live.outbox.write({ cmd, topic: this.#topic, data });
  }

  /** Why a text could not be kept. */
  #explain(error: unknown): string {
    return (error instanceof FrameTooLarge ? this.#words.tooLong : this.#words.unkept) ?? "";
  }
}

/** The address speaks of the newest messages again; a thread beside them stays. */
function forgetPlace(): void {
  const address = new URL(location.href);
  for (const name of ["before", "after", "message", "date", "quote", "reply_to"]) {
    address.searchParams.delete(name);
  }
  address.hash = "";
  history.replaceState(history.state, "", address);
}
