/**
 * `<chat-room>`: makes a server-rendered room live.
 *
 * Invariants: the page is a snapshot at `data-epoch` and `data-seq`, and the topic is followed from
 * there, so nothing falls between page and socket; focus and scroll are never taken from the reader.
 */

import { MessageActs } from "../chat/acts.ts";
import { Announcer } from "../chat/announcer.ts";
import type { Composer } from "../chat/composer.ts";
import { Editor } from "../chat/editor.ts";
import { Faces } from "../chat/faces.ts";
import { type KeptPage, keptPage } from "../chat/kept.ts";
import { Rover } from "../chat/keys.ts";
import { MessageLog } from "../chat/log.ts";
import { RowMenu } from "../chat/menu.ts";
import { type Card, type Channel, type Message, titleOf } from "../chat/model.ts";
import { ThreadPane } from "../chat/pane.ts";
import { EmojiPicker } from "../chat/picker.ts";
import { Present } from "../chat/present.ts";
import { Reading } from "../chat/reading.ts";
import { Room } from "../chat/room.ts";
import type { RowContext } from "../chat/row.ts";
import { Timeline } from "../chat/timeline.ts";
import { Times } from "../chat/times.ts";
import { Writing } from "../chat/writing.ts";
import { FrameTooLarge, type Live } from "../live/client.ts";
import { browserClock } from "../live/clock.ts";
import { Typing } from "../live/presence.ts";
import { type Closed, type Command, type LogEvent, newKey, type Signal } from "../live/wire.ts";
import { maybeSlot, pressed, slot } from "../slots.ts";
import { fill, type Words, wordsOf } from "../words.ts";
import { nameListed } from "./channel-list.ts";
import { pageToken, positionOf, whenLive } from "./live-page.ts";

/** Nearer to an edge than this, the next page is fetched. */
const NEAR_PX = 600;

export class ChatRoom extends HTMLElement {
  #live!: Live;
  #topic = "";
  #me!: Card;
  #words: Words = {};
  #can = new Set<string>();
  #log!: MessageLog;
  #room!: Room;
  #timeline!: Timeline;
  #reading!: Reading;
  #rover!: Rover;
  #faces!: Faces;
  #acts!: MessageActs;
  #announcer!: Announcer;
  #present!: Present;
  #editor!: Editor;
  /** Nothing where the member may not write. */
  #writing: Writing | null = null;
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
    this.#makeTimeline(channel);
    this.#makeRover(context);
    this.#makeWriting(channel);
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
        const isSeeing = isVisible && !this.#timeline.hasAfter && this.#log.isAtEndInSight;
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

  #makeTimeline(channel: number): void {
    this.#timeline = new Timeline({
      root: this,
      live: this.#live,
      topic: this.#topic,
      channel,
      thread: this.#thread,
      me: this.#me.id,
      words: this.#words,
      room: this.#room,
      log: this.#log,
      reading: this.#reading,
      present: this.#present,
      announcer: this.#announcer,
      came: (row) => this.#rover.leave(row),
      renamed: (changed) => this.#renamed(changed),
      nameAnew: (card) => this.#nameAnew(card),
      edgesChanged: () => this.#showJump(),
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
      answered: (id) => this.#answered(id),
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

  #makeWriting(channel: number): void {
    const form = maybeSlot<HTMLFormElement>(this, "composer");
    if (!form) return;
    this.#writing = new Writing({
      root: this,
      form,
      live: this.#live,
      token: pageToken(),
      topic: this.#topic,
      channel,
      thread: this.#thread,
      me: this.#me.id,
      words: this.#words,
      typing: this.#typing,
      send: (cmd, data) => this.#send(cmd, data),
      sent: () => this.#toEnd(),
      say: (text) => this.#announcer.say(text),
      toMessages: () => this.#rover.focusNewest(),
      explain: (error) => this.#explain(error),
    });
  }

  get #composer(): Composer | null {
    return this.#writing?.composer ?? null;
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
          void this.#writing?.warnOfUnreached(change.write, Number(change.ok.id));
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

  #arrive(): void {
    const linked = this.#timeline.arrive();
    if (linked) this.#rover.choose(linked);
    this.#reading.came(Number(this.dataset.seq), false);
    this.#showJump();
  }

  #follow(): void {
    const stop = this.#live.topics.follow(this.#topic, positionOf(this), {
      event: (event) => this.#timeline.event(event),
      signal: (signal) => this.#signal(signal),
      resync: () => this.#timeline.resync(),
      can: (commands) => this.#allow(commands),
      closed: (closed) => this.#closed(closed),
    });
    this.#unsubscribe.push(stop);
  }

  /** What the member did elsewhere. */
  #heard({ event, key, data }: LogEvent): void {
    const { channel, id, on, text, thread, reply_to } = data as {
      channel?: number;
      id?: number;
      on?: boolean;
      text?: string;
      thread?: number | null;
      reply_to?: number | null;
    };
    if (channel !== Number(this.dataset.channel)) return;
    if (event === "bookmark.changed" && id !== undefined) {
      if (on) this.#bookmarks.add(id);
      else this.#bookmarks.delete(id);
      this.#room.redraw(id);
    } else if (event === "draft.saved" || event === "draft.dropped") {
      if ((thread ?? null) !== this.#thread) return;
      this.#writing?.heard(key, text ?? "", reply_to ? this.#answered(reply_to) : null);
    }
  }

  /** A message that is answered, as the composer names it; it may stand far up. */
  #answered(id: number): { id: number; name: string; excerpt: string } {
    const row = this.#log.row(id);
    const excerpt = (row ? (slot(row, "text").textContent ?? "") : "").trim().slice(0, 140);
    return { id, name: this.#room.message(id)?.author?.name ?? "", excerpt };
  }

  #write(cmd: string, topic: string, data: object): Command & { key: string } {
    return { cmd, topic, key: newKey(), data };
  }

  #signal(signal: Signal): void {
    if (signal.signal === "presence") this.#present.presence(signal);
    else if (signal.signal === "typing") this.#present.typing(signal);
  }

  #allow(commands: readonly string[]): void {
    const could = this.#can.has("message.post");
    this.#can = new Set(commands);
    this.#reading.look();
    const may = this.#can.has("message.post");
    if (this.#composer) {
      this.#composer.form.hidden = !may;
      if (could !== may) this.#sayClosed(may ? "" : (this.#words.closed ?? ""));
    } else if (may && !could) location.reload();
    if (could !== may) {
      for (const row of this.#log.all) this.#room.redraw(Number(row.dataset.id));
    }
  }

  #closed({ code, to }: Closed): void {
    if (code === "moved" && to) {
      location.assign(`/${to.replace(":", "/")}/`);
      return;
    }
    this.#present.leave();
    this.#allow([]);
    this.#sayClosed((code === "removed" ? this.#words.removed : this.#words.gone) ?? "");
  }

  /** Why nothing can be written here; nothing where it can. */
  #sayClosed(text: string): void {
    slot(this, "closed-text").textContent = text;
    slot(this, "closed").hidden = text === "";
  }

  #renamed(channel: Channel): void {
    const title = titleOf(channel, this.#me.id);
    for (const name of this.querySelectorAll('[data-slot="name"]')) {
      if (title) name.textContent = title;
    }
    slot(this, "purpose").textContent = channel.purpose;
    nameListed(channel.topic, title);
  }

  /** Somebody is called or looks otherwise now. */
  #nameAnew(card: Card): void {
    if (card.id === this.#me.id) this.#me = card;
    this.#log.keepingPlace(() => this.#room.nameAnew(card));
    this.#present.nameAnew(card);
    this.#faces.renew(card.id);
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log.element;
    if (scrollTop < NEAR_PX) void this.#timeline.more("before");
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) void this.#timeline.more("after");
    this.#reading.look();
    this.#showJump();
  }

  #showJump(): void {
    const button = slot(this, "jump");
    const count = this.#reading.unseen;
    button.hidden = this.#log.isAtEnd && !this.#timeline.hasAfter;
    slot(button, "jump-text").textContent =
      count > 0 ? fill(this.#words.new, { count }) : (this.#words.newest ?? "");
  }

  #toEnd(): void {
    if (this.#timeline.hasAfter) {
      void this.#toNewest();
      return;
    }
    this.#log.unmarkNew();
    this.#log.scrollToEnd();
    this.#reading.look();
  }

  async #toNewest(): Promise<void> {
    if (!(await this.#timeline.toNewest())) return;
    if (!this.#isBeside) forgetPlace();
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
      older: () => void this.#timeline.more("before"),
      newer: () => void this.#timeline.more("after"),
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
