/** The files of a message row: the script's half of chat/_file.html. */

import type { FileCard } from "../live/schema.ts";
import { clone, slot } from "../slots.ts";
import { part } from "./parts.ts";

/** What was uploaded here, for rows that the server does not know yet. */
const uploaded = new Map<string, FileCard>();

export function rememberCard(card: FileCard): void {
  uploaded.set(card.id, card);
}

/** The cards of these uploads; those of an earlier visit are not known. */
export function cardsOf(ids: readonly string[]): FileCard[] {
  return ids.map((id) => uploaded.get(id)).filter((card) => card !== undefined);
}

/** "640 KB", "1.4 MB": the same as `file_size` in chat/templatetags/room.py. */
export function fileSize(bytes: number): string {
  const tenths = Math.floor((bytes * 10) / 1_048_576);
  if (tenths >= 10) return `${Math.floor(tenths / 10)}.${tenths % 10} MB`;
  return `${Math.ceil(bytes / 1024)} KB`;
}

/** Shows these files in a row; what is there already is left alone. */
export function fillFiles(row: HTMLElement, files: readonly FileCard[], root: ParentNode): void {
  const list = part(row, "files", files.length > 0, root);
  if (!list) return;
  const known = new Map(
    [...list.children].map((item) => [(item as HTMLElement).dataset.file, item as HTMLElement]),
  );
  const items = files.map((file) => fillFile(known.get(file.id) ?? clone(root, "file-row"), file));
  if (items.length !== list.children.length || items.some((each, at) => list.children[at] !== each))
    list.replaceChildren(...items);
}

function fillFile(item: HTMLElement, file: FileCard): HTMLElement {
  item.dataset.file = file.id;
  item.classList.toggle("file-picture", file.thumbnail !== null);
  const link = slot<HTMLAnchorElement>(item, "file-link");
  setAttribute(link, "href", file.url);
  const picture = slot<HTMLImageElement>(item, "file-thumbnail");
  picture.hidden = file.thumbnail === null;
  if (file.thumbnail !== null) {
    setAttribute(picture, "src", file.thumbnail);
    setAttribute(picture, "width", String(file.width));
    setAttribute(picture, "height", String(file.height));
    setAttribute(picture, "alt", file.alt || file.name);
  }
  const text = slot(item, "file-text");
  text.hidden = file.thumbnail !== null;
  setText(slot(item, "file-name"), file.name);
  setText(slot(item, "file-size"), fileSize(file.size_bytes));
  for (const kind of ["audio", "video"]) {
    const player = slot<HTMLMediaElement>(item, `file-${kind}`);
    player.hidden = !(file.plays && file.type.startsWith(kind));
    if (!player.hidden) {
      setAttribute(player, "src", file.url);
      setAttribute(player, "aria-label", file.name);
    }
  }
  return item;
}

function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
