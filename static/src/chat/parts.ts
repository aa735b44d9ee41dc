/**
 * The parts of a row that not every message has: made of their templates when one needs them, gone
 * when it does not, always in the order in which the page writes them.
 */

import { clone, slot } from "../slots.ts";

/** What stands in a row, in order; the page leaves out what a message lacks. */
const IN_ROW = [
  "quote", "fold", "text", "previews", "files", "forward", "reactions", "thread", "state", "more",
  "tools",
]; // biome-ignore format: a list
/** What stands in its head. */
const IN_HEAD = ["author", "from", "link", "language", "edited", "pinned", "bookmark"];

/** The part of a row, or of its head, if it is wanted; nothing else stands in its place. */
export function part(
  row: HTMLElement,
  name: string,
  isWanted: boolean,
  templates: ParentNode,
): HTMLElement | null {
  const isOfHead = IN_HEAD.includes(name);
  const place = isOfHead ? head(row) : row;
  const found = own(place, name);
  if (!isWanted) found?.remove();
  if (!isWanted || found) return isWanted ? found : null;
  const fresh = clone(templates, name === "tools" ? "tools-row" : `part-${name}`);
  const order = isOfHead ? IN_HEAD : IN_ROW;
  const later = order.slice(order.indexOf(name) + 1);
  const next = [...place.children].find((each) =>
    later.includes((each as HTMLElement).dataset.slot ?? ""),
  );
  place.insertBefore(fresh, next ?? null);
  return fresh;
}

/** The part of a row that is there. */
export function own(place: HTMLElement, name: string): HTMLElement | null {
  const found = [...place.children].find((each) => (each as HTMLElement).dataset.slot === name);
  return found instanceof HTMLElement ? found : null;
}

function head(row: HTMLElement): HTMLElement {
  return slot(row, "author").parentElement ?? row;
}
