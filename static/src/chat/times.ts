/** Times as the reader's language and zone have them; formatters are made once. */

export class Times {
  readonly #clock: Intl.DateTimeFormat;
  readonly #exact: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayName: Intl.DateTimeFormat;

  /** `timeZone` is the member's own rather than the computer's, so that page and script agree. */
  constructor(language: string, timeZone: string) {
    // English as Europe writes its dates.
    const locale = language === "en" ? "en-GB" : language;
    const zone = timeZone ? { timeZone } : {};
    this.#clock = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      ...zone,
    });
    this.#exact = new Intl.DateTimeFormat(locale, {
      dateStyle: "full",
      timeStyle: "long",
      ...zone,
    });
    // Sweden writes dates as ISO 8601 does.
    this.#day = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", ...zone });
    this.#dayName = new Intl.DateTimeFormat(locale, { dateStyle: "full", ...zone });
  }

  /** Hours and minutes, as all countries of the region write them. */
  clock(at: Date): string {
    return this.#clock.format(at);
  }

  /** Date and time in full, with the zone named. */
  exact(at: Date): string {
    return this.#exact.format(at);
  }

  /** ISO date. */
  day(at: Date): string {
    return this.#day.format(at);
  }

  /** A date with its weekday, as people say it. */
  dayName(at: Date): string {
    return this.#dayName.format(at);
  }
}
