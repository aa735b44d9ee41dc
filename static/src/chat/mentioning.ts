/**
 * Names in a text field: "@Anna Tamm" while it is written, "@[Anna Tamm](member:5)" on the wire.
 *
 * Invariant: only what was chosen from the suggestions, or came from the wire, becomes a mention.
 */

export interface Pick {
  kind: string;
  id: number;
  name: string;
}

const STORED = /@\[([^[\]\n]{1,160})\]\((member|organisation):([1-9][0-9]{0,17})\)/g;

/** A text with names as they are read, not as they are stored. */
export function withNames(text: string): string {
  return text.replace(STORED, "@$1");
}

/** HTML from the server in which this member is mentioned by the name that they have now. */
export function withName(html: string, { id, name }: { id: number; name: string }): string {
  const link = `(<a (?=[^>]*class="mention")[^>]*href="/members/${id}/"[^>]*>@)(.*?)(</a>)`;
  const escaped = name.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return html.replace(
    new RegExp(link, "g"),
    (_whole, opened: string, _old: string, closed: string) => opened + escaped + closed,
  );
}

export class Mentioning {
  readonly #stored = new Map<string, string>();

  /** What stands in the field for a chosen name. */
  written({ kind, id, name }: Pick): string {
    if (kind === "here") return "@here";
    const label = name.replace(/[[\]\n]/g, " ").slice(0, 160);
    const written = `@${label}`;
    this.#stored.set(written, `@[${label}](${kind}:${id})`);
    return written;
  }

  /** The text as it is written in a field. */
  fromWire(text: string): string {
    return text.replace(STORED, (_whole, name: string, kind: string, id: string) =>
      this.written({ kind, id: Number(id), name }),
    );
  }

  /** The text as it is stored; longer names first, so that none is taken for its beginning. */
  toWire(text: string): string {
    const names = [...this.#stored.keys()].sort((a, b) => b.length - a.length);
    if (names.length === 0) return text;
    const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`(?:${escaped.join("|")})(?![\\p{L}\\p{N}_])`, "gu");
    return text.replace(pattern, (name) => this.#stored.get(name) ?? name);
  }
}
