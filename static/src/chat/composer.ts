/**
 * The form one writes in: Enter sends, drafts stay in this browser, replies name what they answer.
 *
 * Invariants: the text leaves the form only once the outbox has it; what cannot be kept stays typed;
 * what was sent, here or elsewhere, never comes back as a draft.
 */

import type { Clock } from "../live/clock.ts";
import type { FileCard } from "../live/schema.ts";
import { slot } from "../slots.ts";
import type { Words } from "../words.ts";
import type { Attachments } from "./attachments.ts";
import { growWithText } from "./grow.ts";
import type { Mentioning } from "./mentioning.ts";

export interface Draft {
  text: string;
  files: readonly FileCard[];
  reply: { id: number; name: string; excerpt: string } | null;
}

export interface ComposerEvents {
  /** Resolves once the message is kept; what it throws is said beside the text. */
  send(draft: Draft): Promise<void>;
  stroke(): void;
  /** The text was emptied or left. */
  rest(): void;
  /** ArrowUp in an empty text. */
  toMessages(): void;
  explain(error: unknown): string;
  /** Keeps what is written on the server, for other devices; whether the server has it. */
  save(text: string, reply: number | null): Promise<boolean>;
}

interface KeptDraft extends Draft {
  at?: number;
  /** What the server had of it then, as `ofDraft` says it. */
  saved?: string;
}

const SAVE_AFTER_MS = 2_500;
const DRAFTS = "creative-ports:draft:";

export class Composer {
  readonly form: HTMLFormElement;
  readonly #text: HTMLTextAreaElement;
  readonly #draftName: string;
  readonly #events: ComposerEvents;
  readonly #files: Attachments;
  readonly #words: Words;
  /** Sending was asked for while files were still on their way. */
  #isDue = false;
  readonly #grow: () => void;
  readonly #mentioning: Mentioning;
  readonly #clock: Clock;
  /** What the server keeps of this draft, as `ofDraft` says it. */
  #saved = "";
  #isSaving = false;
  #reply: Draft["reply"] = null;

  constructor(
    form: HTMLFormElement,
    member: number,
    topic: string,
    files: Attachments,
    words: Words,
    mentioning: Mentioning,
    clock: Clock,
    events: ComposerEvents,
  ) {
    this.form = form;
    this.#files = files;
    this.#words = words;
    this.#mentioning = mentioning;
    this.#clock = clock;
    this.#events = events;
    this.#text = form.elements.namedItem("text") as HTMLTextAreaElement;
    this.#draftName = `${DRAFTS}${member}:${topic}`;
    this.#grow = growWithText(this.#text);
    this.#takeOver();
    form.addEventListener("submit", (event) => {
      if ((event.submitter as HTMLButtonElement | null)?.name === "later") {
        this.#leaveToPage();
        return;
      }
      event.preventDefault();
      void this.#submit();
    });
    form.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target.closest("a") : null;
      if (target?.dataset.action !== "no-reply") return;
      event.preventDefault();
      this.replyTo(null);
      this.focus();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => {
      this.#keep();
      this.complain("");
      this.#isDue = false;
      if (this.#text.value === "") events.rest();
      else events.stroke();
    });
    this.#text.addEventListener("blur", () => events.rest());
  }

  focus(): void {
    this.#text.focus();
  }

  replyTo(reply: Draft["reply"]): void {
    this.#answer(reply);
    this.#keep();
  }

  #answer(reply: Draft["reply"]): void {
    this.#reply = reply;
    slot(this.form, "reply").hidden = reply === null;
    slot(this.form, "reply-author").textContent = reply?.name ?? "";
    slot(this.form, "reply-text").textContent = reply?.excerpt ?? "";
  }

  /** Puts what could not be sent back, before whatever is typed already. */
  takeBack(text: string, files: readonly FileCard[]): void {
    this.#files.restore(files);
    const written = this.#mentioning.fromWire(text);
    this.#text.value = [written, this.#text.value].filter(Boolean).join("\n\n");
    this.#grow();
    this.#keep();
    this.focus();
  }

  /** A file came, went, or moved on: what waited for it may go now. */
  filesChanged(): void {
    this.#keep();
    if (!this.#isDue || this.#files.isUnderWay) return;
    this.#isDue = false;
    if (this.#files.trouble) this.complain(this.#files.trouble);
    else void this.#submit();
  }

  /** What the page or an earlier visit left here. */
  #takeOver(): void {
    const replyField = this.form.elements.namedItem("reply_to") as HTMLInputElement;
    if (replyField.value) {
      this.#reply = {
        id: Number(replyField.value),
        name: slot(this.form, "reply-author").textContent ?? "",
        excerpt: slot(this.form, "reply-text").textContent ?? "",
      };
    }
    const kept = readDraft(this.#draftName);
    const savedAt = Date.parse(this.form.dataset.savedAt ?? "");
    const isDraft = !Number.isNaN(savedAt);
    this.#saved = isDraft ? ofDraft(this.#text.value, this.#reply) : "";
    const isOther = this.#text.value !== "" && !isDraft;
    this.#text.value = this.#mentioning.fromWire(this.#text.value);
    this.#grow();
    // What is refused, or quoted, stands there for now.
    if (!kept || isOther) return;
    const own = ofDraft(kept.text, kept.reply);
    // Of what the server had once, it knows better what became of it.
    const isUnsaved = own !== (kept.saved ?? "");
    const isLast = !isDraft || kept.saved === this.#saved || (kept.at ?? 0) > savedAt;
    if (isUnsaved && isLast) {
      this.#text.value = this.#mentioning.fromWire(kept.text);
      this.#grow();
      if (!replyField.value || isDraft) this.#answer(kept.reply);
    }
    // Files stay in this browser, unless the text beside them was sent elsewhere.
    if (isDraft || isUnsaved || own === "") this.#files.restore(kept.files ?? []);
    this.#keep();
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      // A touch keyboard has no Shift+Enter: there Enter is a new line and the button sends.
      if (isTouch() && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "ArrowUp" && this.#text.value === "") {
      event.preventDefault();
      this.#events.toMessages();
    } else if (event.key === "Escape" && this.#reply) {
      event.preventDefault();
      this.replyTo(null);
    }
  }

  async #submit(): Promise<void> {
    const text = this.#text.value;
    if (text.trim() === "" && this.#files.isEmpty) return;
    if (this.#files.isUnderWay) {
      this.#isDue = true;
      this.complain(this.#words.uploadsWait ?? "");
      return;
    }
    if (this.#files.trouble) {
      this.complain(this.#files.trouble);
      return;
    }
    const wire = this.#mentioning.toWire(text);
    const draft = { text: wire, files: this.#files.cards, reply: this.#reply };
    slot(this.form, "unreachable").hidden = true;
    // Emptied at once, so that the next message can be typed; put back if it cannot be kept.
    this.#text.value = "";
    this.#files.clear();
    this.#grow();
    this.replyTo(null);
    this.complain("");
    this.#events.rest();
    // Now, as whoever sent something often leaves.
    this.#save();
    try {
      await this.#events.send(draft);
    } catch (error) {
      this.takeBack(text, draft.files);
      this.replyTo(draft.reply);
      this.complain(this.#events.explain(error));
    }
  }

  /** Says beside the text what is wrong; an empty text takes it away. */
  complain(text: string): void {
    const line = slot(this.form, "error");
    line.textContent = text;
    line.hidden = text === "";
    if (text) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }

  /** Another device went on writing, or sent what it wrote; what was typed since then stays. */
  taken(text: string, reply: Draft["reply"]): void {
    const isUntouched = this.#written === this.#saved;
    this.#saved = ofDraft(text, reply);
    if (isUntouched) {
      this.#text.value = this.#mentioning.fromWire(text);
      this.#answer(reply);
      this.#grow();
    }
    this.#remember();
  }

  /** Says that somebody who is named cannot read here. */
  warn(text: string): void {
    slot(this.form, "unreachable-text").textContent = text;
    slot(this.form, "unreachable").hidden = false;
  }

  /** The page takes the text, as it is stored. */
  #leaveToPage(): void {
    this.#text.value = this.#mentioning.toWire(this.#text.value);
    this.#saved = this.#written;
    localStorage.removeItem(this.#draftName);
  }

  /** What stands in the form, as `ofDraft` says it. */
  get #written(): string {
    return ofDraft(this.#mentioning.toWire(this.#text.value), this.#reply);
  }

  /** At most every few seconds; what could not be saved is saved with the next change. */
  #saveSoon(): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#clock.after(SAVE_AFTER_MS, () => {
      this.#isSaving = false;
      this.#save();
    });
  }

  #save(): void {
    const written = this.#written;
    if (written === this.#saved) return;
    const text = this.#mentioning.toWire(this.#text.value);
    void this.#events.save(text, this.#reply?.id ?? null).then((isKept) => {
      if (!isKept) return;
      this.#saved = written;
      this.#remember();
    });
  }

  #keep(): void {
    this.#remember();
    this.#saveSoon();
  }

  /** Keeps the form in this browser, an emptied one too while the server has what stood there. */
  #remember(): void {
    const files = this.#files.cards;
    const text = this.#mentioning.toWire(this.#text.value);
    const reply = this.#reply;
    const draft: KeptDraft = { text, files, reply, at: Date.now(), saved: this.#saved };
    try {
      if (text || reply || files.length > 0 || this.#saved)
        localStorage.setItem(this.#draftName, JSON.stringify(draft));
      else localStorage.removeItem(this.#draftName);
    } catch {
      // The browser keeps nothing; the text stays in the form.
    }
  }
}

/** A draft in one line; empty for one of nothing but files, which the server does not keep. */
function ofDraft(text: string, reply: Draft["reply"]): string {
  return text || reply ? `${reply?.id ?? ""}:${text}` : "";
}

/** Forgets all drafts of a member (signing out). */
export function wipeDrafts(member: number): void {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(`${DRAFTS}${member}:`)) localStorage.removeItem(name);
    }
  } catch {
    // Nothing was kept.
  }
}

function readDraft(name: string): KeptDraft | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as KeptDraft | null;
  } catch {
    return null;
  }
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse) and (hover: none)").matches;
}
