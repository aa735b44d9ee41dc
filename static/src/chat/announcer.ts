/** Reads out politely what came: a few messages in full, many as a number. */

import type { Clock } from "../live/clock.ts";
import { fill, type Words } from "../words.ts";
import type { Message } from "./model.ts";

const READ_OUT = 3;
const GATHER_MS = 600;
const LONGEST = 300;

export class Announcer {
  readonly #region: HTMLElement;
  readonly #words: Words;
  readonly #clock: Clock;
  #gathered: string[] = [];

  constructor(region: HTMLElement, words: Words, clock: Clock) {
    this.#region = region;
    this.#words = words;
    this.#clock = clock;
  }

  message(message: Message): void {
    const parsed = new DOMParser().parseFromString(message.html, "text/html");
    const files = message.files.map((file) => file.alt || file.name).join(", ");
    const text = ((parsed.body.textContent ?? "").trim() || files).slice(0, LONGEST);
    const name = message.author?.name ?? this.#words.former ?? "";
    this.#gathered.push(fill(this.#words.said, { name, text }));
    if (this.#gathered.length > 1) return;
    this.#clock.after(GATHER_MS, () => {
      const said = this.#gathered.splice(0);
      const isMany = said.length > READ_OUT;
      this.say(isMany ? fill(this.#words.many, { count: said.length }) : said.join("\n"));
    });
  }

  say(text: string): void {
    this.#region.textContent = text;
  }
}
