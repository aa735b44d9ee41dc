/** The live client with a browser's own socket, store, tabs and clock. */

import { Live } from "./client.ts";
import { browserClock, type Clock } from "./clock.ts";
import { browserRest } from "./rest.ts";
import { MemoryStore, openStore, type Store } from "./store.ts";
import { browserTabs, type Tabs } from "./tabs.ts";
import { newKey } from "./wire.ts";

const CHANNEL = "creative-ports:outbox";

/** Opens what the page keeps and makes its client; `token` is the page's own CSRF token. */
export async function openLive(member: number, token: string): Promise<Live> {
  const [store, tabs] = await Promise.all([keptStore(), namedTabs(browserClock)]);
  const others = new BroadcastChannel(CHANNEL);
  const live = new Live({
    member,
    open: () => new WebSocket(liveAddress()),
    rest: browserRest(() => token),
    store,
    tabs,
    clock: browserClock,
    wallNow: Date.now,
    random: Math.random,
    isOnline: () => navigator.onLine,
    tellTabs: () => others.postMessage("changed"),
  });
  others.onmessage = () => void live.outbox.reload();
  wakeWhenUsed(live);
  return live;
}

function liveAddress(): string {
  const address = new URL("/live/", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

/** A browser that keeps nothing (a private window) still sends, from memory. */
async function keptStore(): Promise<Store> {
  try {
    return await openStore();
  } catch {
    return new MemoryStore();
  }
}

async function namedTabs(clock: Clock): Promise<Tabs> {
  try {
    return await browserTabs(clock);
  } catch {
    const id = newKey();
    return { id, living: async () => new Set([id]) };
  }
}

function wakeWhenUsed(live: Live): void {
  addEventListener("online", () => live.wake());
  addEventListener("offline", () => live.wake());
  // An open socket would keep the page out of the browser's cache of pages.
  addEventListener("pagehide", () => live.stop());
  addEventListener("pageshow", (event) => {
    if (event.persisted) live.socket.connect();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") live.wake();
  });
  const used = (): void => {
    if (live.socket.state === "paused") live.wake();
  };
  addEventListener("pointerdown", used);
  addEventListener("keydown", used);
}
