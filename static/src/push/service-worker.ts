/**
 * Shows push messages and opens the page that one is about; it keeps nothing and fetches nothing.
 *
 * Invariants: only pages of this site are opened; a message that cannot be read shows nothing.
 */

interface Said {
  title: string;
  body: string;
  url: string;
  tag: string;
  lang: string;
}

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Window extends EventTarget {
  readonly url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

/** What of a service worker's world is used here; the types of pages know nothing of it. */
interface Worker extends EventTarget {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(wanted: { type: "window"; includeUncontrolled: boolean }): Promise<Window[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) =>
  (event as Waiting).waitUntil(worker.clients.claim()),
);

worker.addEventListener("push", (event) => {
  const { data } = event as Waiting & { data: { json(): Said } | null };
  if (!data) return;
  const { title, body, url, tag, lang } = data.json();
  const icon = "/static/favicon.svg";
  const shown = worker.registration.showNotification(title, { body, tag, lang, icon, data: url });
  (event as Waiting).waitUntil(shown);
});

worker.addEventListener("notificationclick", (event) => {
  const { notification } = event as Waiting & { notification: Notification };
  notification.close();
  (event as Waiting).waitUntil(open(String(notification.data)));
});

/** The page in a window of this site that is open, else in a new one. */
async function open(path: string): Promise<void> {
  const target = new URL(path, worker.location.origin);
  if (target.origin !== worker.location.origin) return;
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const known = windows.find((each) => new URL(each.url).pathname === target.pathname);
  if (known) {
    await known.focus();
    await known.navigate(target.href).catch(() => undefined);
  } else await worker.clients.openWindow(target.href);
}
