/**
 * `<own-tables>`: shows one's table of a meeting as soon as a round begins or is mended.
 *
 * Invariants: what the page shows at first is the server's, and rows that are filled here look the
 * same; each change is one event with all of one's rounds, so nothing is put together here.
 */

import { Times } from "../chat/times.ts";
import { RestError } from "../live/rest.ts";
import type { Card, OwnRound, OwnTables as Tables, TablesChanged } from "../live/schema.ts";
import type { LogEvent } from "../live/wire.ts";
import { clone, slot } from "../slots.ts";
import { fill, type Words, wordsOf } from "../words.ts";
import { whenLive } from "./live-page.ts";

const GONE = 404;

export class OwnTables extends HTMLElement {
  #words: Words = {};
  #times = new Times("en", "");
  #countries = new Intl.DisplayNames("en", { type: "region" });

  connectedCallback(): void {
    const { lang } = document.documentElement;
    this.#words = wordsOf(this);
    this.#times = new Times(lang, this.dataset.timeZone ?? "");
    this.#countries = new Intl.DisplayNames(lang, { type: "region" });
    for (const link of this.querySelectorAll<HTMLElement>('[data-slot="again"]')) {
      link.hidden = true;
    }
    document.addEventListener("member-event", this.#event);
    document.addEventListener("member-resync", this.#ask);
  }

  disconnectedCallback(): void {
    document.removeEventListener("member-event", this.#event);
    document.removeEventListener("member-resync", this.#ask);
  }

  readonly #event = (event: Event): void => {
    const said = (event as CustomEvent<LogEvent>).detail;
    if (said.event !== "tables.changed") return;
    const { id, tables } = said.data as TablesChanged;
    if (String(id) === this.dataset.meeting) this.#show(tables);
  };

  readonly #ask = async (): Promise<void> => {
    const { rest } = await whenLive;
    try {
      this.#show(await rest.get<Tables>(`/api/v1/meetings/${this.dataset.meeting}/mine/`));
    } catch (error) {
      // Without an answer the page stays as it is until the next event.
      if (error instanceof RestError && error.status === GONE) this.#show(null);
    }
  };

  #show(tables: Tables | null): void {
    const { meeting, rounds } = tables ?? { meeting: null, rounds: [] };
    const now = rounds.find(({ number }) => number === meeting?.current);
    slot(this, "gone").hidden = meeting !== null;
    slot(this, "away").hidden = meeting?.is_here !== false;
    slot(this, "now").hidden = now === undefined;
    slot(this, "some").hidden = rounds.length === 0;
    slot(this, "none").hidden = meeting === null || rounds.length > 0;
    slot(this, "rounds").replaceChildren(...rounds.map((round) => this.#row(round)));
    const number = now ? fill(this.#words.round, { number: now.number }) : "";
    const where = now ? this.#where(now) : "";
    slot(this, "now-round").textContent = number;
    slot(this, "sit").textContent = where;
    slot(this, "sit").hidden = !now?.table;
    slot(this, "now-company").replaceChildren(...(now ? [this.#company(now)] : []));
    this.#say(now ? `${number}. ${where}` : "");
  }

  /** Announces what changed, once. */
  #say(text: string): void {
    const said = slot(this, "said");
    if (said.textContent !== text) said.textContent = text;
  }

  #where({ table }: OwnRound): string {
    return table === null ? fill(this.#words.wait) : fill(this.#words.sit, { number: table });
  }

  #row(round: OwnRound): HTMLElement {
    const row = clone(this, "row");
    slot(row, "round").textContent = fill(this.#words.round, { number: round.number });
    slot(row, "when").replaceChildren(
      round.begun_at ? this.#time(round.begun_at) : this.#planned(),
    );
    slot(row, "table").hidden = round.table === null;
    slot(row, "table").textContent =
      round.table === null ? "" : fill(this.#words.table, { number: round.table });
    slot(row, "company").replaceChildren(this.#company(round));
    return row;
  }

  #time(at: string): HTMLElement {
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = this.#times.clock(new Date(at));
    return time;
  }

  #planned(): string {
    return fill(this.#words.planned);
  }

  #company(round: OwnRound): HTMLElement {
    if (round.table === null) {
      const waits = clone(this, "waits");
      slot(waits, "why").textContent = fill(this.#words[`why${capital(round.why)}`]);
      return waits;
    }
    const list = document.createElement("ul");
    list.className = "rows";
    const mates = round.others.map((card) => this.#mate(card));
    list.replaceChildren(...(mates.length > 0 ? mates : [clone(this, "nobody")]));
    return list;
  }

  #mate(card: Card): HTMLElement {
    const mate = clone(this, "mate");
    const country = card.country && this.#countries.of(card.country);
    slot(mate, "name").textContent = card.name;
    slot(mate, "from").textContent = [card.organisation, country]
      .filter(Boolean)
      .map((text) => `, ${text}`)
      .join("");
    return mate;
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
