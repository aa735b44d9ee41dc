/**
 * Fills a message row: the script's half of chat/_message.html.
 *
 * Invariant: a row that the page rendered and one that is filled here from the same message are the
 * same but for the wording of the exact time (tests/browser compares them).
 */

import type { LinkPreview } from "../live/schema.ts";
import type { Write } from "../live/store.ts";
import { clone, slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import type { Faces } from "./faces.ts";
import { cardsOf, fillFiles } from "./files.ts";
import { fillForward, fillThread, isForMe, type MarksContext } from "./marks.ts";
import { withNames } from "./mentioning.ts";
import {
  type Card,
  flagOf,
  isForeign,
  type Message,
  placeOf,
  type Reading,
  type Shown,
} from "./model.ts";
import { own, part } from "./parts.ts";

export interface RowContext extends MarksContext {
  /** Before the ids of rows, so that those of a thread beside its room are others. */
  prefix: string;
  can(command: string): boolean;
  reading: Reading;
  faces: Faces;
  /** Ids of the messages that the reader has bookmarked. */
  bookmarks: ReadonlySet<number>;
}

const MODERATES = "member.remove";

/** A new row showing `shown`. */
export function makeRow(shown: Shown, context: RowContext): HTMLElement {
  const row = clone(context.root, "row");
  fillRow(row, shown, context);
  return row;
}

/** Makes an existing row show `shown`; keeps focus and whatever did not change. */
export function fillRow(row: HTMLElement, shown: Shown, context: RowContext): void {
  const { message } = shown;
  row.id = `${context.prefix}m-${message.id}`;
  nameRow(row);
  row.dataset.id = String(message.id);
  row.dataset.seq = String(message.seq);
  row.dataset.at = message.posted_at;
  row.dataset.author = String(message.author?.id ?? "");
  row.toggleAttribute("data-reply", message.reply_to !== null);
  row.classList.toggle("message-deleted", message.deleted);
  fillHead(row, message, context);
  fillQuote(row, message, context);
  fillText(row, shown, context);
  fillForward(row, message.forwarded, context);
  fillThread(row, message.id, message.thread === null ? message.replies : null, context);
  row.classList.toggle("message-for-me", isForMe(message.mentions, context));
  fillFiles(row, message.files, context.root);
  fillLanguage(row, message, context);
  fillPreviews(row, message, context);
  fillReactions(row, message, context);
  fillTools(row, message, context);
  fillStanding(row, shown.standing, shown.write, context);
}

/** A row for a message that the server does not know yet. */
export function makeUnsentRow(
  write: Write,
  standing: Shown["standing"],
  author: Card,
  context: RowContext,
): HTMLElement {
  const row = clone(context.root, "row");
  row.id = `${context.prefix}m-${write.key}`;
  nameRow(row);
  row.dataset.key = write.key;
  const message: Message = {
    id: 0,
    seq: 0,
    text: (write.data as { text: string }).text,
    html: "",
    author,
    language: "",
    reply_to: null,
    posted_at: new Date(write.at).toISOString(),
    edited_at: null,
    deleted: false,
    reactions: [],
    mentions: [],
    thread: null,
    replies: null,
    pinned: false,
    forwarded: null,
    previews: [],
    files: [],
  };
  row.dataset.at = message.posted_at;
  row.dataset.author = String(author.id);
  fillHead(row, message, context);
  fillText(row, { message, isPlain: true, standing, write }, context);
  const { files = [] } = write.data as { files?: string[] };
  fillFiles(row, cardsOf(files), context.root);
  slot(row, "link").removeAttribute("href");
  own(row, "more")?.remove();
  fillStanding(row, standing, write, context);
  return row;
}

/** The line that says how an unsent write stands. */
export function fillStanding(
  row: HTMLElement,
  standing: Shown["standing"],
  write: Write | null,
  { root, words }: RowContext,
): void {
  const line = part(row, "state", standing !== null, root);
  if (standing === null || !line) {
    delete row.dataset.standing;
    return;
  }
  row.dataset.standing = standing;
  const isDeletion = write?.cmd === "message.delete" && standing !== "failed";
  const text = isDeletion ? words.deleting : words[standing];
  setText(slot(row, "state-text"), fill(text, { reason: reasonOf(write, words) }));
  for (const button of line.querySelectorAll("button")) {
    const isTakeBack = button.dataset.action === "take-back";
    const hasText = write?.cmd === "message.post" || write?.cmd === "message.edit";
    button.hidden = standing !== "failed" || (isTakeBack && !hasText);
  }
}

function reasonOf(write: Write | null, words: Words): string {
  const error = write?.error;
  if (!error) return "";
  if (error.code === "outbox.old") return words.old ?? "";
  if (error.code === "outbox.refused_frame") return words.refused ?? "";
  return Object.values(error.fields ?? {})[0]?.[0] ?? error.detail;
}

/** Focus on a row reads its head and its text. */
function nameRow(row: HTMLElement): void {
  const head = row.querySelector(".message-head");
  if (head) head.id = `${row.id}-head`;
  slot(row, "text").id = `${row.id}-text`;
  row.setAttribute("aria-labelledby", `${row.id}-head ${row.id}-text`);
}

/** Draws the mark of a member's organisation in the flag that `root` holds. */
export function fillFlag(root: ParentNode, card: Card | null): void {
  const { pattern, tone } = flagOf(card?.organisation_id);
  const flag = root.querySelector(".flag");
  const use = flag?.querySelector("use");
  const sheet = use?.getAttribute("href")?.split("#")[0];
  const sizes = [...(flag?.classList ?? [])].filter((name) =>
    /^flag-(small|large|rail)$/.test(name),
  );
  flag?.setAttribute("class", ["flag", `flag-tone-${tone}`, ...sizes].join(" "));
  use?.setAttribute("href", `${sheet}#p${pattern}`);
}

function fillHead(row: HTMLElement, message: Message, context: RowContext): void {
  const { author } = message;
  const picture = author && context.faces.of(author.id);
  fillMark(slot(row, "flag"), author, picture, context);
  const name = slot<HTMLAnchorElement>(row, "author");
  setText(name, author ? author.name : (context.words.former ?? ""));
  setHref(name, author && picture !== null && `/members/${author.id}/`);
  setText(slot(row, "from"), author ? placeOf(author) : "");
  setHref(slot(row, "link"), `/chat/${context.channel}/m/${message.id}/`);
  const time = slot<HTMLTimeElement>(row, "time");
  const at = new Date(message.posted_at);
  time.dateTime = message.posted_at;
  time.title = context.times.exact(at);
  setText(time, context.times.clock(at));
  part(row, "edited", message.edited_at !== null && !message.deleted, context.root);
  part(row, "pinned", message.pinned && !message.deleted, context.root);
  part(row, "bookmark", context.bookmarks.has(message.id), context.root);
}

/** The author's picture, else the flag of their organisation. */
function fillMark(
  mark: HTMLElement,
  author: Card | null,
  picture: string | null,
  context: RowContext,
): void {
  if (picture) {
    if (mark.querySelector("img")?.getAttribute("src") === picture) return;
    const image = document.createElement("img");
    image.className = "face";
    for (const [name, value] of Object.entries({ src: picture, width: "36", height: "36" }))
      image.setAttribute(name, value);
    image.alt = "";
    image.setAttribute("loading", "lazy");
    mark.replaceChildren(image);
    return;
  }
  if (mark.querySelector("img")) {
    mark.replaceChildren(...slot(clone(context.root, "row"), "flag").children);
  }
  fillFlag(mark, author);
}

function fillQuote(row: HTMLElement, message: Message, context: RowContext): void {
  const reply = message.reply_to;
  const quote = part(row, "quote", reply !== null, context.root);
  if (!quote || !reply) return;
  setHref(quote, `/chat/${context.channel}/m/${reply.id}/`);
  setText(slot(quote, "quote-author"), reply.author?.name ?? "");
  setText(slot(quote, "quote-text"), reply.excerpt);
}

function fillText(row: HTMLElement, shown: Shown, context: RowContext): void {
  const { message } = shown;
  const text = slot(row, "text");
  if (message.language) text.lang = message.language;
  else text.removeAttribute("lang");
  text.toggleAttribute("data-plain", shown.isPlain);
  if (message.deleted) {
    const line = document.createElement("p");
    line.textContent = context.words.deleted ?? "";
    text.replaceChildren(line);
  } else if (shown.isPlain) setText(text, withNames(message.text));
  // Cleaned by the server; nothing else ever gets here.
  else if (text.innerHTML !== message.html) text.innerHTML = message.html;
}

/** Names the language where the reader does not read it, and folds the text if they wish so. */
function fillLanguage(row: HTMLElement, message: Message, context: RowContext): void {
  const { reading, me } = context;
  const foreign = isForeign(message, reading, me);
  const name = part(row, "language", foreign, context.root);
  if (name) setText(name, reading.names[message.language] ?? message.language);
  if (foreign && reading.others !== "show") row.dataset.foreign = reading.others;
  else delete row.dataset.foreign;
  part(row, "fold", row.dataset.foreign === "fold", context.root);
}

function fillPreviews(row: HTMLElement, message: Message, context: RowContext): void {
  const { previews } = message;
  const list = part(row, "previews", previews.length > 0, context.root);
  if (!list) return;
  const known = [...list.children].map((item) => (item as HTMLElement).dataset.id);
  if (known.join() === previews.map(({ id }) => String(id)).join()) return;
  list.replaceChildren(...previews.map((preview) => makePreview(preview, message, context)));
}

function makePreview(preview: LinkPreview, message: Message, context: RowContext): HTMLElement {
  const item = clone(context.root, "preview-row");
  item.dataset.id = String(preview.id);
  setHref(slot(item, "preview-link"), preview.url);
  const picture = slot<HTMLImageElement>(item, "preview-picture");
  picture.hidden = preview.picture === null;
  if (preview.picture !== null) {
    picture.setAttribute("src", preview.picture);
    picture.setAttribute("width", String(preview.width));
    picture.setAttribute("height", String(preview.height));
  }
  setText(slot(item, "preview-site"), preview.site);
  setText(slot(item, "preview-title"), preview.title);
  const text = slot(item, "preview-text");
  text.hidden = preview.description === "";
  setText(text, preview.description);
  const remove = slot(item, "preview-remove");
  const page = `/chat/${context.channel}/m/${message.id}/previews/${preview.id}/remove/`;
  remove.setAttribute("formaction", page);
  remove.hidden = message.author?.id !== context.me && !context.can(MODERATES);
  return item;
}

function fillReactions(row: HTMLElement, message: Message, context: RowContext): void {
  const list = part(row, "reactions", message.reactions.length > 0, context.root);
  if (!list) return;
  const known = new Map(
    [...list.children].map((item) => [slot(item, "emoji").textContent, item as HTMLElement]),
  );
  const items = message.reactions.map((reaction) => {
    const item = known.get(reaction.emoji) ?? clone(context.root, "reaction-row");
    const button = slot<HTMLButtonElement>(item, "reaction");
    const isOwn = reaction.members.includes(context.me);
    button.setAttribute("form", `${context.prefix}act`);
    button.setAttribute("formaction", `/chat/${context.channel}/m/${message.id}/react/`);
    button.name = isOwn ? "off" : "on";
    button.value = reaction.emoji;
    button.setAttribute("aria-pressed", String(isOwn));
    setText(slot(item, "emoji"), reaction.emoji);
    setText(slot(item, "total"), String(reaction.total));
    return item;
  });
  if (
    items.length !== list.children.length ||
    items.some((item, at) => list.children[at] !== item)
  ) {
    list.replaceChildren(...items);
  }
}

/** The link to all that can be done, which the tools take the place of once one comes near. */
function fillTools(row: HTMLElement, message: Message, context: RowContext): void {
  const tools = own(row, "tools");
  const isOffered = !message.deleted;
  const more = tools ? null : part(row, "more", isOffered, context.root);
  if (more) more.setAttribute("href", `/chat/${context.channel}/m/${message.id}/edit/`);
  if (!tools) return;
  if (!isOffered) tools.remove();
  else fillOffers(tools, message, context);
}

/** Gives a row its tools; one that is deleted or unsent has none. */
export function equip(row: HTMLElement, message: Message | undefined, context: RowContext): void {
  if (!message || message.deleted || own(row, "tools")) return;
  own(row, "more")?.remove();
  const tools = part(row, "tools", true, context.root);
  if (!tools) return;
  // The tab stop comes with the focus (keys.ts).
  for (const button of tools.querySelectorAll("button")) button.tabIndex = -1;
  fillOffers(tools, message, context);
}

function fillOffers(tools: HTMLElement, message: Message, context: RowContext): void {
  const { bookmarks, can, me, thread } = context;
  const isOwn = message.author?.id === me;
  const offered: Record<string, boolean> = {
    react: can("message.react"),
    reply: can("message.post"),
    thread: can("message.post") && thread === null && message.thread === null,
    bookmark: can("message.bookmark"),
    edit: isOwn && can("message.edit"),
    delete: can("message.delete") && (isOwn || can(MODERATES)),
    more: true,
  };
  for (const button of tools.querySelectorAll("button")) {
    const action = button.dataset.action ?? "";
    button.hidden = !offered[action];
    if (action === "bookmark")
      button.setAttribute("aria-pressed", String(bookmarks.has(message.id)));
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function setHref(element: Element, href: string | false | null | undefined): void {
  if (href) element.setAttribute("href", href);
  else element.removeAttribute("href");
}
