/**
 * Which tabs of this browser are alive, so that the writes of a closed one are taken over.
 *
 * Web Locks tell at once: each tab holds a lock of its name for as long as it lives. They need a
 * secure context; on plain http each tab renews a time stamp instead, and counts as closed when it
 * did not for `STALE_MS`. A mistake is harmless: the same write sent twice has the same key.
 */

import type { Clock } from "./clock.ts";
import { newKey } from "./wire.ts";

export interface Tabs {
  /** This tab's own name; kept across reloads, so a reloaded page goes on with its own writes. */
  readonly id: string;
  /** Names of the tabs that are alive, this one among them. */
  living(): Promise<ReadonlySet<string>>;
}

const PREFIX = "creative-ports:tab:";
const RENEW_MS = 5_000;
/** Hidden tabs run their timers once a minute. */
const STALE_MS = 90_000;

export async function browserTabs(clock: Clock): Promise<Tabs> {
  const locks: LockManager | undefined = navigator.locks;
  return locks ? tabsByLock(locks) : tabsByTimestamp(localStorage, clock, rememberedId(), Date.now);
}

/** Tabs that hold a lock each. A duplicated tab inherits the name and finds its lock held. */
export async function tabsByLock(locks: LockManager): Promise<Tabs> {
  let id = rememberedId();
  if (!(await hold(locks, id))) {
    id = newKey();
    remember(id);
    await hold(locks, id);
  }
  return {
    id,
    async living() {
      const { held = [] } = await locks.query();
      const names = held.map((lock) => lock.name ?? "").filter((name) => name.startsWith(PREFIX));
      return new Set([id, ...names.map((name) => name.slice(PREFIX.length))]);
    },
  };
}

/** Tabs that write the time down; `wallNow` gives milliseconds that all tabs share. */
export function tabsByTimestamp(
  storage: Storage,
  clock: Clock,
  id: string,
  wallNow: () => number,
): Tabs {
  const renew = (): void => {
    storage.setItem(PREFIX + id, String(wallNow()));
    clock.after(RENEW_MS, renew);
  };
  renew();
  return {
    id,
    async living() {
      const alive = new Set([id]);
      for (let index = storage.length - 1; index >= 0; index -= 1) {
        const name = storage.key(index);
        if (!name?.startsWith(PREFIX)) continue;
        if (wallNow() - Number(storage.getItem(name)) < STALE_MS) {
          alive.add(name.slice(PREFIX.length));
        } else storage.removeItem(name);
      }
      return alive;
    },
  };
}

/** Takes the lock for good; false when another tab has it. */
function hold(locks: LockManager, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    void locks.request(PREFIX + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<never>(() => undefined) : undefined;
    });
  });
}

function rememberedId(): string {
  const known = sessionStorage.getItem(PREFIX);
  if (known) return known;
  const id = newKey();
  remember(id);
  return id;
}

function remember(id: string): void {
  sessionStorage.setItem(PREFIX, id);
}
