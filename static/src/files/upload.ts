/**
 * One upload: announced, sent in parts, resumed after every cut until it is there or refused.
 *
 * Invariants: `key` names the upload, so announcing again never makes a second one; the server's
 * offset is the truth, a part whose answer was lost is not sent twice; what is temporary is tried
 * again by itself, what is final says why.
 */

import { backoffMs } from "../live/backoff.ts";
import type { Clock } from "../live/clock.ts";
import { RestError } from "../live/rest.ts";
import type { FileCard } from "../live/schema.ts";
import { newKey } from "../live/wire.ts";
import type { Door, Told } from "./door.ts";

/** "broken": the line is gone, it goes on by itself; "finishing": all sent, the server looks. */
export type UploadState = "sending" | "broken" | "finishing" | "ready" | "failed";

export interface UploadOptions {
  door: Door;
  clock: Clock;
  random(): number;
  changed(): void;
}

export class Upload {
  readonly name: string;
  readonly size: number;
  state: UploadState = "sending";
  sent = 0;
  card: FileCard | null = null;
  /** Why it failed, in the member's language; empty where the server could not say. */
  reason = "";
  readonly #blob: Blob;
  readonly #options: UploadOptions;
  #key = newKey();
  #id: string | null = null;
  #stop = new AbortController();
  #wake: (() => void) | null = null;

  constructor(blob: Blob, name: string, options: UploadOptions) {
    this.#blob = blob;
    this.name = name;
    this.size = blob.size;
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.state !== "ready" && this.state !== "failed";
  }

  /** 0 to 1. */
  get progress(): number {
    return this.size === 0 ? 1 : this.sent / this.size;
  }

  /** Sends until the end, whatever the line does; never rejects. */
  async run(): Promise<void> {
    let tries = 0;
    while (this.isUnderWay && !this.#stop.signal.aborted) {
      try {
        const before = this.sent;
        this.#take(await this.#step());
        if (this.sent > before) tries = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!this.#isTemporary(error)) return;
        const askedMs = (error as RestError).problem.retry_after_s ?? 0;
        await this.#pause(Math.max(askedMs * 1000, backoffMs(tries, this.#options.random)));
        tries += 1;
        await this.#findPlace();
      }
    }
  }

  /** The line may be back: goes on at once. */
  wake(): void {
    this.#wake?.();
  }

  /** Begins anew after a failure. */
  async again(): Promise<void> {
    this.#key = newKey();
    this.#id = null;
    this.#stop = new AbortController();
    this.sent = 0;
    this.reason = "";
    this.#become("sending");
    await this.run();
  }

  /** Stops, and has the server forget what came. */
  cancel(): void {
    this.#stop.abort();
    this.#wake?.();
    // The server forgets by itself what it cannot be told.
    if (this.#id) void this.#options.door.drop(this.#id).catch(() => undefined);
  }

  async #step(): Promise<Told> {
    const { door } = this.#options;
    if (this.#id === null) {
      return await door.announce(this.name, this.size, this.#blob.type, this.#key);
    }
    const part = this.#blob.slice(this.sent, this.sent + this.#chunk);
    if (this.sent + part.size >= this.size) this.#become("finishing");
    else this.#become("sending");
    return await door.append(this.#id, this.sent, part, this.#stop.signal);
  }

  #chunk = 1024 * 1024;

  #take(told: Told): void {
    this.#id = told.id;
    this.#chunk = told.chunk_bytes;
    if (told.state === "ready" && told.file) {
      this.sent = this.size;
      this.card = told.file;
      this.#become("ready");
    } else if (told.state === "refused") this.#fail(told.error?.detail ?? "");
    else {
      this.sent = told.offset;
      this.#options.changed();
    }
  }

  #isTemporary(error: unknown): boolean {
    if (!(error instanceof RestError)) {
      // The file itself cannot be read any more: moved, or its card taken out.
      this.#fail("");
      return false;
    }
    const { code, retry_after_s, offset } = error.problem as RestError["problem"] & {
      offset?: number;
    };
    if (code === "files.offset" && offset !== undefined) {
      this.sent = offset;
      return true;
    }
    if (code === "files.complete" || error.status === 0 || retry_after_s !== undefined) {
      this.#become("broken");
      return true;
    }
    this.#fail(error.problem.detail);
    return false;
  }

  /** Asks how far it came; without an answer the next try will. */
  async #findPlace(): Promise<void> {
    if (this.#id === null || this.#stop.signal.aborted) return;
    try {
      this.#take(await this.#options.door.told(this.#id));
    } catch (error) {
      if (error instanceof RestError && error.status === 404) this.#fail("");
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, () => this.#wake?.());
      this.#wake = () => {
        this.#wake = null;
        cancel();
        resolve();
      };
    });
  }

  #fail(reason: string): void {
    this.reason = reason;
    this.#become("failed");
  }

  #become(state: UploadState): void {
    if (this.state === state) return;
    this.state = state;
    this.#options.changed();
  }
}
