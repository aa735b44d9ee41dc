/** The server's side of uploads as the browser sees it (docs/files.md). */

import { RestError } from "../live/rest.ts";
import type { FileCard } from "../live/schema.ts";
import type { WireError } from "../live/wire.ts";

/** An upload as the server answers it. */
export interface Told {
  id: string;
  name: string;
  state: "uploading" | "ready" | "refused";
  offset: number;
  length: number;
  chunk_bytes: number;
  error: { code: string; detail: string } | null;
  file: FileCard | null;
}

/** Each raises `RestError`; its status is 0 when no answer came. */
export interface Door {
  announce(name: string, size: number, type: string, key: string): Promise<Told>;
  append(id: string, offset: number, part: Blob, stop: AbortSignal): Promise<Told>;
  told(id: string): Promise<Told>;
  describe(id: string, alt: string): Promise<void>;
  drop(id: string): Promise<void>;
}

const FILES = "/api/v1/files/";
const TIMEOUT_MS = 15_000;
/** A part of a mebibyte over a line of 100 kbit/s, and the drawing of a picture after the last. */
const PART_TIMEOUT_MS = 120_000;

export function browserDoor(token: string): Door {
  async function ask(path: string, init: RequestInit, ms: number = TIMEOUT_MS): Promise<Response> {
    const stops = [AbortSignal.timeout(ms), ...(init.signal ? [init.signal] : [])];
    const headers = { Accept: "application/json", "X-CSRFToken": token, ...init.headers };
    let response: Response;
    try {
      response = await fetch(FILES + path, {
        ...init,
        headers,
        credentials: "same-origin",
        signal: AbortSignal.any(stops),
      });
    } catch {
      throw new RestError(0, { code: "unreachable", detail: "", retry_after_s: 1 });
    }
    if (!response.ok) throw new RestError(response.status, await problemOf(response));
    return response;
  }
  const json = { "Content-Type": "application/json" };
  return {
    async announce(name, size, type, key) {
      const body = JSON.stringify({ name, size_bytes: size, type });
      const headers = { ...json, "Idempotency-Key": key };
      return (await (await ask("", { method: "POST", headers, body })).json()) as Told;
    },
    async append(id, offset, part, stop) {
      const headers = {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": String(offset),
      };
      const init = { method: "PATCH", headers, body: part, signal: stop };
      return (await (await ask(`${id}/`, init, PART_TIMEOUT_MS)).json()) as Told;
    },
    async told(id) {
      return (await (await ask(`${id}/`, {})).json()) as Told;
    },
    async describe(id, alt) {
      await ask(`${id}/alt/`, { method: "PUT", headers: json, body: JSON.stringify({ alt }) });
    },
    async drop(id) {
      await ask(`${id}/`, { method: "DELETE" });
    },
  };
}

async function problemOf(response: Response): Promise<WireError> {
  const parsed: unknown = await response.json().catch(() => null);
  const problem = (parsed ?? {}) as Partial<WireError>;
  const code = problem.code ?? `http.${response.status}`;
  // What answers without a problem is a proxy or a server that restarts.
  const again = response.status >= 502 && problem.code === undefined ? { retry_after_s: 2 } : {};
  return { ...again, ...problem, code, detail: problem.detail ?? "" };
}
