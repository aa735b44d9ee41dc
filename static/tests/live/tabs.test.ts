import assert from "node:assert/strict";
import { test } from "node:test";
import { tabsByLock, tabsByTimestamp } from "../../src/live/tabs.ts";
import { FakeClock } from "./fakes.ts";

class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
}

test("without locks, a tab that stops renewing counts as closed after 90 s", async () => {
  const storage = new FakeStorage();
  const [mine, theirs] = [new FakeClock(), new FakeClock()];
  const one = tabsByTimestamp(storage, mine, "one", () => mine.now());
  tabsByTimestamp(storage, theirs, "two", () => mine.now());
  await mine.pass(89_000);
  assert.deepEqual([...(await one.living())].sort(), ["one", "two"]);
  await mine.pass(1_000);
  assert.deepEqual([...(await one.living())], ["one"]);
});

/** Node has Web Locks of its own; a duplicated tab inherits sessionStorage and so the name. */
test("with locks, a duplicated tab takes another name", {
  skip: !("locks" in navigator),
}, async () => {
  const storage = new FakeStorage();
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
  const one = await tabsByLock(navigator.locks);
  const copy = await tabsByLock(navigator.locks);
  assert.notEqual(one.id, copy.id);
  assert.deepEqual(await copy.living(), new Set([one.id, copy.id]));
});
