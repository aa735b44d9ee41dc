/**
 * `<chat-room>`: makes a server-rendered room live.
 *
 * Invariants: the page is a snapshot at `data-epoch` and `data-seq`, and the topic is followed from
 * there, so nothing falls between page and socket; focus and scroll are never taken from the reader.
 */

import { MessageActs } from "../chat/acts.ts";
import { Announcer } from "../chat/announcer.ts";
import { Attachments } from "../chat/attachments.ts";
import { Composer } from "../chat/composer.ts";
import { Editor } from "../chat/editor.ts";
import { History } from "../chat/history.ts";
import { Rover } from "../chat/keys.ts";
import { MessageLog } from "../chat/log.ts";
import type { Card, Channel, Message } from "../chat/model.ts";
import { EmojiPicker } from "../chat/picker.ts";
import { Present } from "../chat/present.ts";
import { Reading } from "../chat/reading.ts";
import { Room } from "../chat/room.ts";
import type { RowContext } from "../chat/row.ts";
import { Times } from "../chat/times.ts";
import { browserDoor } from "../files/door.ts";
import { FrameTooLarge, type Live } from "../live/client.ts";
import { browserClock } from "../live/clock.ts";
import { Typing } from "../live/presence.ts";
import { type Closed, type LogEvent, newKey, type Position, type Signal } from "../live/wire.ts";
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
  #acts!: MessageActs;
  #announcer!: Announcer;
  #present!: Present;
  #editor!: Editor;
  #composer: Composer | null = null;
  #typing!: Typing;
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
    const context = this.#context(channel);
    this.#log = new MessageLog(context);
    this.#history = new History(live, channel, "before" in dataset, "after" in dataset);
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
    this.#makeRoom(context);
    this.#makeReading();
    this.#makeRover();
    this.#makeComposer();
    this.#listen();
    this.#arrive();
    this.#follow();
  }

  #context(channel: number): RowContext {
    return {
      root: this,
      words: this.#words,
      channel,
      me: this.#me.id,
      times: new Times(document.documentElement.lang, this.dataset.timeZone ?? ""),
      can: (command) => this.#can.has(command),
      reading: {
        reads: new Set(this.dataset.reads?.split(" ").filter(Boolean)),
        others: this.dataset.others ?? "show",
        names: JSON.parse(this.querySelector("#room-languages")?.textContent ?? "{}"),
      },
    };
  }

  #makeRoom(context: RowContext): void {
    const kept = this.querySelector("#room-messages")?.textContent ?? "[]";
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
      JSON.parse(kept) as Message[],
    );
  }

  #makeReading(): void {
    this.#reading = new Reading(Number(this.dataset.read ?? 0), {
      clock: browserClock,
      isSeeing: () => {
        const isVisible = document.visibilityState === "visible";
        const isSeeing = isVisible && !this.#history.hasAfter && this.#log.isAtEnd;
        this.toggleAttribute("data-seeing", isSeeing);
        return isSeeing;
      },
      tell: async (seq) => {
        if (!this.#can.has("channel.read")) return true;
        const read = { cmd: "channel.read", topic: this.#topic, key: newKey(), data: { seq } };
        return (await this.#live.push(read)).status === "ok";
      },
      changed: () => this.#showJump(),
    });
  }

  #makeRover(): void {
    this.#acts = new MessageActs({
      root: this,
      me: this.#me.id,
      room: this.#room,
      outbox: this.#live.outbox,
      picker: new EmojiPicker(slot(this, "picker")),
      editor: this.#editor,
      composer: () => this.#composer,
      can: (command) => this.#can.has(command),
      send: (cmd, data) => this.#send(cmd, data),
      choose: (row) => {
        this.#rover.choose(row);
        row.focus({ preventScroll: true });
      },
      linkCopied: () => this.#announcer.say(this.#words.linkCopied ?? ""),
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
    this.#composer = new Composer(form, this.#me.id, this.#topic, attachments, this.#words, {
      send: async ({ text, reply, files }) => {
        await this.#send("message.post", {
          text,
          ...(reply && { reply_to: reply.id }),
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

  #listen(): void {
    this.addEventListener("click", (event) => this.#click(event));
    this.#log.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const seen = (): void => this.#reading.look();
    document.addEventListener("visibilitychange", seen);
    addEventListener("focus", seen);
    this.#unsubscribe.push(
      () => document.removeEventListener("visibilitychange", seen),
      () => removeEventListener("focus", seen),
      this.#live.outbox.subscribe((change) => {
        if (change.kind === "sent") this.#room.sent(change.write, change.ok);
        else this.#log.keepingPlace(() => this.#room.refresh());
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

  #event(event: LogEvent): void {
    const { data, key, seq } = event as LogEvent<
      Message & { channel: Channel; gone?: boolean; excerpt?: string }
    >;
    switch (event.event) {
      case "message.posted":
        if (data.gone) this.#room.bury(data.id);
        else this.#posted(data, key);
        break;
      case "message.edited":
      case "message.deleted":
        this.#log.keepingPlace(() => {
          if (data.gone) this.#room.bury(data.id);
          else if (this.#room.message(data.id)) this.#room.put(data);
          else if (this.#history.isSkipped(data.id)) this.#history.skip(data);
          this.#room.quote(data.id, data.excerpt ?? "");
        });
        break;
      case "message.marked":
      case "message.previewed":
        this.#log.keepingPlace(() => this.#room.change(data.id, event.data as Partial<Message>));
        break;
      case "message.reacted":
        this.#log.keepingPlace(() => this.#room.react(data.id, data.reactions ?? []));
        break;
      case "channel.changed":
        this.#renamed(data.channel);
        break;
      default:
    }
    if (event.event !== "message.posted") this.#reading.came(seq, false);
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
        if (wasSeeing && this.#room.trim(MOST_ROWS, KEPT_ROWS)) {
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
    document.body.dispatchEvent(new CustomEvent("channels-changed"));
  }

  async #more(direction: "before" | "after"): Promise<void> {
    const ids = this.#log.ids;
    const edge = direction === "before" ? ids[0] : ids.at(-1);
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
    this.#room.replace([...page.results, ...this.#history.takeSkipped()]);
    history.replaceState(null, "", location.pathname);
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
