/**
 * The files that a message under composition is to show: chosen, dropped, pasted or photographed.
 *
 * Invariants: each is uploaded at once, so that sending a message never waits for more than what
 * was added last; the message goes only when all are there; each says how it stands in words.
 */

import type { Door } from "../files/door.ts";
import { Upload } from "../files/upload.ts";
import type { Clock } from "../live/clock.ts";
import type { FileCard } from "../live/schema.ts";
import { clone, maybeSlot, slot } from "../slots.ts";
import { fill, type Words } from "../words.ts";
import { fileSize, rememberCard } from "./files.ts";

const MOST = 10;
/** How a state is said, by the name of its words. */
const SAID = {
  sending: "uploadSending",
  broken: "uploadBroken",
  finishing: "uploadFinishing",
  ready: "uploadReady",
  failed: "uploadFailed",
} as const;

export interface AttachmentsOptions {
  /** Holds the template. */
  root: ParentNode;
  form: HTMLFormElement;
  door: Door;
  clock: Clock;
  words: Words;
  mostBytes: number;
  say(text: string): void;
  complain(text: string): void;
  changed(): void;
}

interface Item {
  row: HTMLElement;
  upload: Upload | null;
  card: FileCard | null;
  preview: string | null;
}

export class Attachments {
  readonly #options: AttachmentsOptions;
  readonly #list: HTMLElement;
  readonly #items: Item[] = [];
  /** Descriptions on their way to the server. */
  #describing = 0;

  constructor(options: AttachmentsOptions) {
    this.#options = options;
    this.#list = slot(options.form, "uploads");
    for (const input of options.form.querySelectorAll<HTMLInputElement>('input[type="file"]')) {
      input.addEventListener("change", () => {
        this.add([...(input.files ?? [])]);
        input.value = "";
      });
    }
    this.#listenToDrags();
    options.form.addEventListener("paste", (event) => this.#pasted(event));
    addEventListener("online", () => {
      for (const { upload } of this.#items) upload?.wake();
    });
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  get isUnderWay(): boolean {
    return this.#describing > 0 || this.#items.some(({ upload }) => upload?.isUnderWay);
  }

  /** Why the message cannot go as it is; empty where it can. */
  get trouble(): string {
    const { words } = this.#options;
    return this.#items.some(({ card }) => card === null) ? (words.uploadsFailed ?? "") : "";
  }

  /** The files that are there. */
  get cards(): FileCard[] {
    return this.#items.map(({ card }) => card).filter((card) => card !== null);
  }

  add(files: readonly File[]): void {
    const { complain, words } = this.#options;
    complain("");
    for (const file of files) {
      if (this.#items.length >= MOST) {
        complain(words.tooManyFiles ?? "");
        return;
      }
      this.#begin(file);
    }
  }

  /** Puts files that are uploaded already (a draft, a message that could not be sent) here. */
  restore(cards: readonly FileCard[]): void {
    for (const card of cards.slice(0, MOST - this.#items.length)) {
      rememberCard(card);
      const item = this.#show(card.name, null, card);
      this.#draw(item);
    }
    this.#options.changed();
  }

  /** Empties the list; the message has them now. */
  clear(): void {
    for (const { preview } of this.#items.splice(0)) if (preview) URL.revokeObjectURL(preview);
    this.#list.replaceChildren();
    this.#list.hidden = true;
  }

  #begin(file: File): void {
    const { clock, complain, door, mostBytes, words } = this.#options;
    const name = file.name || "picture.png";
    if (file.size > mostBytes || file.size === 0) {
      const said = file.size === 0 ? words.fileEmpty : words.fileTooLarge;
      complain(fill(said, { name, most: Math.floor(mostBytes / 1_048_576) }));
      return;
    }
    const preview = /^image\/(jpeg|png|webp|gif|avif)$/.test(file.type)
      ? URL.createObjectURL(file)
      : null;
    const changed = (): void => {
      const item = this.#items.find((each) => each.upload === upload);
      if (item) this.#draw(item);
    };
    const upload = new Upload(file, name, { door, clock, random: Math.random, changed });
    const item = this.#show(name, upload, null);
    item.preview = preview;
    this.#draw(item);
    void upload.run();
  }

  #show(name: string, upload: Upload | null, card: FileCard | null): Item {
    const row = clone(this.#options.root, "upload-row");
    const item: Item = { row, upload, card, preview: null };
    slot(row, "upload-name").textContent = name;
    const remove = slot<HTMLButtonElement>(row, "upload-remove");
    remove.setAttribute("aria-label", fill(this.#options.words.removeFile, { name }));
    remove.addEventListener("click", () => this.#remove(item));
    slot(row, "upload-again").addEventListener("click", () => void upload?.again());
    const alt = slot<HTMLInputElement>(row, "upload-alt-text");
    alt.value = card?.alt ?? "";
    alt.addEventListener("change", () => void this.#describe(item, alt.value));
    alt.addEventListener("keydown", (event) => {
      // Enter in a description would send the message.
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      alt.blur();
      this.#options.form.querySelector("textarea")?.focus();
    });
    this.#items.push(item);
    this.#list.append(row);
    this.#list.hidden = false;
    return item;
  }

  async #describe(item: Item, alt: string): Promise<void> {
    if (!item.card) return;
    const { changed, complain, door } = this.#options;
    item.card = { ...item.card, alt };
    rememberCard(item.card);
    // Once the message has the file, this door is closed: sending waits.
    this.#describing += 1;
    changed();
    try {
      await door.describe(item.card.id, alt);
    } catch {
      complain(this.#options.words.unkeptAlt ?? "");
    } finally {
      this.#describing -= 1;
      changed();
    }
  }

  #remove(item: Item): void {
    const at = this.#items.indexOf(item);
    this.#items.splice(at, 1);
    if (item.preview) URL.revokeObjectURL(item.preview);
    if (item.upload) item.upload.cancel();
    else if (item.card) void this.#options.door.drop(item.card.id).catch(() => undefined);
    const next = item.row.nextElementSibling ?? item.row.previousElementSibling;
    item.row.remove();
    this.#list.hidden = this.#items.length === 0;
    this.#options.complain("");
    this.#options.changed();
    // Focus goes on to the next thing to remove, else back to the text.
    const target = next?.querySelector<HTMLElement>('[data-slot="upload-remove"]');
    (target ?? this.#options.form.querySelector<HTMLElement>("textarea"))?.focus();
  }

  #draw(item: Item): void {
    const { row, upload } = item;
    const { changed, say, words } = this.#options;
    const picture = slot<HTMLImageElement>(row, "upload-picture");
    // What the server could not read the browser cannot show either.
    const source = upload?.state === "failed" ? null : (item.card?.thumbnail ?? item.preview);
    picture.hidden = source === null;
    if (source !== null && picture.getAttribute("src") !== source) picture.src = source;
    slot(row, "upload-icon").toggleAttribute("hidden", source !== null);
    const bar = slot<HTMLProgressElement>(row, "upload-progress");
    const before = row.dataset.state;
    const state = upload?.state ?? "ready";
    row.dataset.state = state;
    bar.hidden = !(upload?.isUnderWay ?? false);
    if (state === "finishing") bar.removeAttribute("value");
    else bar.value = Math.round((upload?.progress ?? 1) * 100);
    slot(row, "upload-again").hidden = state !== "failed";
    const size = fileSize(upload?.size ?? item.card?.size_bytes ?? 0);
    const percent = Math.floor((upload?.progress ?? 1) * 100);
    const reason = upload?.reason || (words.uploadLost ?? "");
    const line = fill(words[SAID[state]], { size, percent, reason });
    slot(row, "upload-state").textContent = line;
    if (state === before) return;
    if (state === "ready" && upload?.card) {
      item.card = upload.card;
      rememberCard(upload.card);
      slot(row, "upload-name").textContent = upload.card.name;
    }
    slot(row, "upload-alt").hidden = !item.card?.thumbnail;
    if (state !== "sending" && upload) say(`${upload.name}: ${line}`);
    changed();
  }

  #listenToDrags(): void {
    const { root } = this.#options;
    const zone = root as HTMLElement;
    const marks = maybeSlot(zone, "drop");
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") ?? false;
    zone.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (marks) marks.hidden = false;
    });
    zone.addEventListener("dragleave", (event) => {
      const to = event.relatedTarget;
      if (marks && !(to instanceof Node && zone.contains(to))) marks.hidden = true;
    });
    zone.addEventListener("drop", (event) => {
      if (marks) marks.hidden = true;
      if (!hasFiles(event) || this.#options.form.hidden) return;
      event.preventDefault();
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** Office programs put a picture beside the text that was copied: then the text is meant. */
  #pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
    event.preventDefault();
    this.add(files);
  }
}
