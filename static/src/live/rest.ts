/**
 * Small REST client of the site's own API: JSON in and out, problems (RFC 9457) as `RestError`.
 *
 * The CSRF token is the page's own, never the cookie's: it stops being valid when somebody else
 * signs in, so a page cannot write under a member it was not rendered for.
 */

import type { Ok, WireError } from "./wire.ts";

const TIMEOUT_MS = 15_000;

/** `status` is 0 when no answer came. */
export class RestError extends Error {
  readonly status: number;
  readonly problem: WireError;

  constructor(status: number, problem: WireError) {
    super(problem.detail || problem.code);
    this.status = status;
    this.problem = problem;
  }
}

export interface Rest {
  /** Raises `RestError`. */
  get<T>(path: string): Promise<T>;
  /** The body whatever the status, as `POST /api/v1/commands/` answers refusals in it. */
  post(path: string, body: unknown): Promise<{ status: number; body: PostBody }>;
}

export interface PostBody {
  ok?: Ok;
  error?: WireError;
}

export function browserRest(csrfToken: () => string): Rest {
  async function ask(path: string, init: RequestInit): Promise<Response> {
    const headers = { Accept: "application/json", ...init.headers };
    try {
      return await fetch(path, {
        ...init,
        headers,
        credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw new RestError(0, { code: "unreachable", detail: "", retry_after_s: 1 });
    }
  }
  return {
    async get<T>(path: string): Promise<T> {
      const response = await ask(path, {});
      if (!response.ok) throw new RestError(response.status, await problemOf(response));
      return (await response.json()) as T;
    },
    async post(path, body) {
      const response = await ask(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(body),
      });
      const parsed: unknown = await response.json().catch(() => ({}));
      return { status: response.status, body: (parsed ?? {}) as PostBody };
    },
  };
}

async function problemOf(response: Response): Promise<WireError> {
  const parsed: unknown = await response.json().catch(() => null);
  const problem = (parsed ?? {}) as Partial<WireError>;
  return {
    ...problem,
    code: problem.code ?? `http.${response.status}`,
    detail: problem.detail ?? "",
  };
}
