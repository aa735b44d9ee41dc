/** This browser's subscription to push messages, and what the server is told of it. */

const WORKER = "/service-worker.js";
const ADDRESS = "/api/v1/notices/browsers/";

/** Whether this browser can take push messages at all, on an address that it trusts. */
export function canPush(): boolean {
  return isSecureContext && "serviceWorker" in navigator && "PushManager" in window;
}

export async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Subscribes with the site's key; an older subscription with another key is given up first. */
export async function subscribe(key: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  if (known && encoded(known.options.applicationServerKey) !== key) await known.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** Tells the server; returns the id under which it knows this browser. */
export async function tell(found: PushSubscription, token: string): Promise<number> {
  const { endpoint, keys } = found.toJSON();
  const body = { endpoint, p256dh: keys?.p256dh, auth: keys?.auth, name: browserName() };
  const answer = await fetch(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`push: ${answer.status}`);
  return ((await answer.json()) as { id: number }).id;
}

export async function forget(id: number, token: string): Promise<void> {
  await fetch(`${ADDRESS}${id}/`, { method: "DELETE", headers: { "X-CSRFToken": token } });
}

/** How its owner knows this browser. */
function browserName(): string {
  const agent = navigator.userAgent;
  const names = ["Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari"];
  const systems = ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"];
  const name = names.find((each) => agent.includes(`${each}/`)) ?? "";
  const system = systems.find((each) => agent.includes(each)) ?? "";
  const shown = { Edg: "Edge", OPR: "Opera", SamsungBrowser: "Samsung Internet" }[name] ?? name;
  return [shown, system].filter(Boolean).join(", ");
}

function encoded(key: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
