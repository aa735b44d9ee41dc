/** `<notice-push>`: has this browser take push messages or not, and says why where it cannot. */

import { canPush, forget, subscribe, subscription, tell } from "../push/browser.ts";
import { pressed, slot } from "../slots.ts";
import { wordsOf } from "../words.ts";

type State = "unsupported" | "denied" | "off" | "on" | "failed";

export class NoticePush extends HTMLElement {
  #id = 0;

  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const action = pressed(event)?.action;
      if (action === "push-on") void this.#turnOn();
      if (action === "push-off") void this.#turnOff();
    });
    void this.#look();
  }

  get #token(): string {
    return document.querySelector<HTMLElement>("live-page")?.dataset.token ?? "";
  }

  async #look(): Promise<void> {
    if (!canPush()) return this.#show("unsupported");
    if (Notification.permission === "denied") return this.#show("denied");
    const known = await subscription().catch(() => null);
    if (!known || Notification.permission !== "granted") return this.#show("off");
    try {
      this.#id = await tell(known, this.#token);
      this.#show("on");
    } catch {
      this.#show("off");
    }
  }

  async #turnOn(): Promise<void> {
    if ((await Notification.requestPermission()) !== "granted") return this.#show("denied");
    try {
      this.#id = await tell(await subscribe(this.dataset.key ?? ""), this.#token);
      this.#show("on");
    } catch {
      this.#show("failed");
    }
  }

  async #turnOff(): Promise<void> {
    const known = await subscription();
    await known?.unsubscribe();
    if (this.#id) await forget(this.#id, this.#token).catch(() => undefined);
    this.#id = 0;
    this.#show("off");
  }

  #show(state: State): void {
    slot(this, "push-state").textContent = wordsOf(this)[state] ?? "";
    slot<HTMLButtonElement>(this, "push-on").hidden = state !== "off" && state !== "failed";
    slot<HTMLButtonElement>(this, "push-off").hidden = state !== "on";
  }
}
