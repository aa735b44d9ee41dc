/**
 * What one can do to a message, by key or by button: reply, react, edit, delete, link, and decide
 * about a write that failed.
 *
 * Invariant: nothing is offered that the server would refuse; it decides all the same.
 */

import type { Outbox } from "../live/outbox.ts";
import { slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import type { Composer } from "./composer.ts";
import type { Editor } from "./editor.ts";
import { cardsOf } from "./files.ts";
import type { RowKeys } from "./keys.ts";
import type { Item, RowMenu } from "./menu.ts";
import type { Message } from "./model.ts";
import type { EmojiPicker } from "./picker.ts";
import type { Room } from "./room.ts";
import { equip, fillStanding, type RowContext } from "./row.ts";

export interface ActsOptions {
  root: ParentNode;
  me: number;
  room: Room;
  outbox: Outbox;
  picker: EmojiPicker;
  menu: RowMenu;
  context: RowContext;
  editor: Editor;
  /** Nothing where one may only read. */
  composer(): Composer | null;
  /** A message as the composer names what it answers. */
  answered(id: number): { id: number; name: string; excerpt: string };
  can(command: string): boolean;
  /** Keeps a write and sends it. */
  send(cmd: string, data: object): Promise<void>;
  /** Gives a row the focus. */
  choose(row: HTMLElement): void;
  linkCopied(): void;
  channel: number;
  words: Words;
  /** Ids of the messages that the member has bookmarked. */
  bookmarks: ReadonlySet<number>;
  say(text: string): void;
  markUnread(id: number, seq: number, row: HTMLElement): void;
  /** Shows the thread under a message. */
  openThread(id: number): void;
}

export class MessageActs implements RowKeys {
  readonly #options: ActsOptions;
  readonly #dialog: HTMLDialogElement;
  #toDelete: number | null = null;

  constructor(options: ActsOptions) {
    this.#options = options;
    this.#dialog = slot(options.root, "delete");
    this.#dialog.addEventListener("close", () => this.#decided());
  }

  /** Does what a pressed thing in a row stands for; whether there was such a thing. */
  press(action: string, row: HTMLElement, target: HTMLElement): boolean {
    const acts: Record<string, () => void> = {
      reply: () => this.reply(row),
      react: () => this.react(row, target),
      edit: () => this.edit(row),
      delete: () => this.remove(row),
      thread: () => this.thread(row),
      bookmark: () => this.bookmark(row),
      more: () => this.more(row, target),
      "no-preview": () => this.#takeOff(row, target),
      toggle: () => this.#toggle(row, target as HTMLButtonElement),
      "try-again": () => void this.#settle(row, "try-again"),
      "throw-away": () => void this.#settle(row, "throw-away"),
      "take-back": () => void this.#settle(row, "take-back"),
    };
    acts[action]?.();
    return action in acts;
  }

  reply = (row: HTMLElement): void => {
    const composer = this.#options.composer();
    const message = this.#open(row);
    if (!message || !composer) return;
    composer.replyTo(this.#options.answered(message.id));
    composer.focus();
  };

  react = (row: HTMLElement, opener: HTMLElement = row): void => {
    const { can, picker, send } = this.#options;
    const message = this.#open(row);
    if (!message || !can("message.react")) return;
    picker.open(opener, (emoji) => {
      void send("message.react", { id: message.id, emoji, on: true });
    });
  };

  edit = (row: HTMLElement): void => {
    const { can, choose, editor, me, room } = this.#options;
    const message = this.#open(row);
    if (message?.author?.id !== me || !can("message.edit")) return;
    const unsaved = room.writeAbout(message.id);
    const { text } = (unsaved?.cmd === "message.edit" ? unsaved.data : message) as Message;
    editor.open(row, message.id, text, () => {
      room.redraw(message.id);
      choose(row);
    });
  };

  remove = (row: HTMLElement): void => {
    const { can, me } = this.#options;
    const message = this.#open(row);
    if (!message || !(message.author?.id === me || can("member.remove"))) return;
    slot(this.#dialog, "delete-text").textContent = slot(row, "text").textContent;
    this.#toDelete = message.id;
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
  };

  copyLink = (row: HTMLElement): void => {
    const { href } = slot<HTMLAnchorElement>(row, "link");
    if (href && copied(href)) this.#options.linkCopied();
  };

  thread = (row: HTMLElement): void => {
    const { openThread, room } = this.#options;
    const message = room.message(Number(row.dataset.id));
    if (!message || (message.deleted && !message.replies)) return;
    openThread(message.thread ?? message.id);
  };

  bookmark = (row: HTMLElement): void => {
    const { bookmarks, can, say, send, words } = this.#options;
    const message = this.#open(row);
    if (!message || !can("message.bookmark")) return;
    const on = !bookmarks.has(message.id);
    void send("message.bookmark", { id: message.id, on });
    say((on ? words.bookmarked : words.unbookmarked) ?? "");
  };

  pin = (row: HTMLElement): void => {
    const { can, say, send, words } = this.#options;
    const message = this.#open(row);
    if (!message || !can("message.pin")) return;
    void send("message.pin", { id: message.id, on: !message.pinned });
    say((message.pinned ? words.unpinned : words.pinned) ?? "");
  };

  unread = (row: HTMLElement): void => {
    const { can, markUnread, say, words } = this.#options;
    const message = this.#open(row);
    if (!message || message.thread !== null || !can("channel.unread")) return;
    markUnread(message.id, message.seq, row);
    say(words.unreadFrom ?? "");
  };

  forward = (row: HTMLElement): void => {
    const message = this.#open(row);
    if (message) this.#go(`m/${message.id}/forward/`);
  };

  quote = (row: HTMLElement): void => {
    const message = this.#open(row);
    const composer = this.#options.composer();
    if (!message || !composer) return;
    composer.takeBack(`${message.text.replace(/^/gm, "> ")}\n\n`, []);
  };

  /** Everything else that can be done, in a menu. */
  more = (row: HTMLElement, opener: HTMLElement = row): void => {
    const { can, channel, composer, me, menu, words } = this.#options;
    const message = this.#open(row);
    if (!message) return;
    const { author, id, pinned } = message;
    const isOthers = author !== null && author.id !== me;
    const page = `/chat/${channel}/m/${id}/`;
    const items: Record<string, Item | false> = {
      quote: composer() !== null && can("message.post") && { act: () => this.quote(row) },
      forward: { href: `${page}forward/` },
      link: { act: () => this.copyLink(row) },
      pin: can("message.pin") && {
        act: () => this.pin(row),
        text: (pinned ? words.unpin : words.pin) ?? "",
      },
      unread: can("channel.unread") && message.thread === null && { act: () => this.unread(row) },
      report: author?.id !== me && { href: `/report/message/${id}/` },
      block: isOthers && {
        href: `/members/${author.id}/block/`,
        text: fill(words.block, { name: author.name }),
      },
      page: { href: `${page}edit/` },
    };
    const offered = Object.entries(items).filter((each): each is [string, Item] =>
      Boolean(each[1]),
    );
    menu.open(opener, Object.fromEntries(offered));
  };

  equip = (row: HTMLElement): void => {
    const { context, room } = this.#options;
    equip(row, room.message(Number(row.dataset.id)), context);
  };

  #go(path: string): void {
    location.assign(`/chat/${this.#options.channel}/${path}`);
  }

  toComposer = (): void => {
    this.#options.composer()?.focus();
  };

  /** The event comes a moment after the closing, perhaps when the dialog is open again. */
  #decided(): void {
    if (this.#dialog.open || this.#dialog.returnValue !== "delete") return;
    void this.#options.send("message.delete", { id: this.#toDelete });
  }

  #takeOff(row: HTMLElement, button: HTMLElement): void {
    const { choose, send } = this.#options;
    const preview = Number(button.closest<HTMLElement>(".preview")?.dataset.id);
    void send("preview.remove", { id: Number(row.dataset.id), preview });
    // The button goes with what it takes off.
    choose(row);
  }

  #toggle(row: HTMLElement, button: HTMLButtonElement): void {
    const { can, send } = this.#options;
    const message = this.#open(row);
    if (!message || !can("message.react")) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    void send("message.react", { id: message.id, emoji: button.value, on });
  }

  /** What the writer decides about a failed write. */
  async #settle(row: HTMLElement, decision: string): Promise<void> {
    const { composer, context, editor, outbox, room } = this.#options;
    const write = row.dataset.key
      ? room.write(row.dataset.key)
      : room.writeAbout(Number(row.dataset.id));
    if (!write) return;
    if (decision === "try-again") {
      await outbox.tryAgain(write.key);
      return;
    }
    const { text = "", files = [] } = write.data as { text?: string; files?: string[] };
    const isEdit = write.cmd === "message.edit" && this.#open(row) !== undefined;
    if (decision === "take-back" && isEdit) {
      this.edit(row);
      if (!editor.isEditing(Number(row.dataset.id))) return;
      // A row that is being edited is not drawn anew.
      fillStanding(row, null, null, context);
    }
    // Of a message that is gone meanwhile its writer keeps the words.
    else if (decision === "take-back") composer()?.takeBack(text, cardsOf(files));
    await outbox.throwAway(write.key);
  }

  /** The message of a row, unless it is deleted or not the server's yet. */
  #open(row: HTMLElement): Message | undefined {
    const message = this.#options.room.message(Number(row.dataset.id));
    return message?.deleted ? undefined : message;
  }
}

/** Copies a text; plain-http addresses lack `navigator.clipboard`, this works there too. */
function copied(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
