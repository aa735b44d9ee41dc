/** Words from the server's catalogue, with named places to fill. */

export type Words = Readonly<Record<string, string>>;

/** The words that a `<template data-slot="words" data-…>` or an element carries. */
export function wordsOf(element: Element | null): Words {
  return element instanceof HTMLElement ? ({ ...element.dataset } as Words) : {};
}

/** `word("{count} new", {count: 3})` is "3 new"; an unknown place stays as it is. */
export function fill(
  text: string | undefined,
  places: Record<string, string | number> = {},
): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = places[name];
    return value === undefined ? whole : String(value);
  });
}
