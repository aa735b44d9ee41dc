/**
 * The frames of the live protocol as a client sees them (docs/protocol.md).
 *
 * No I/O. Unknown fields, events and signals pass through unread. Times on the wire are ISO 8601 in
 * UTC; `seq` starts at 1 and grows by exactly 1 per event of a topic.
 */

export const PROTOCOL = 1;

/** What the server allows; every number is told by `hello`, these stand until it came. */
export interface Limits {
  frame_bytes: number;
  writes_per_s: number;
  burst: number;
  in_flight: number;
  topics: number;
  window_events: number;
}

export const DEFAULT_LIMITS: Limits = {
  frame_bytes: 65_536,
  writes_per_s: 10,
  burst: 30,
  in_flight: 16,
  topics: 200,
  window_events: 256,
};

export interface Hello {
  protocol: number;
  member: number;
  build: string;
  beat_s: number;
  limits: Partial<Limits>;
}

/** A command without its `ref`: the socket gives that on each sending. */
export interface Command {
  cmd: string;
  topic?: string;
  /** UUID, required for every write, the same on every sending of it. */
  key?: string;
  data?: unknown;
  [field: string]: unknown;
}

export interface WireError {
  code: string;
  /** In the member's language. */
  detail: string;
  fields?: Record<string, string[]>;
  /** Seconds; its presence makes the error temporary: send again with the same key. */
  retry_after_s?: number;
}

export type Ok = Record<string, unknown>;

export interface Position {
  epoch: string;
  seq: number;
}

export interface Followed extends Position {
  topic: string;
  resync: boolean;
  can: string[];
}

export interface LogEvent<Data = unknown> {
  topic: string;
  seq: number;
  event: string;
  at: string;
  /** Member id, null for the system and for anonymous writes. */
  by: number | null;
  /** Only towards the sender's own sockets. */
  key?: string;
  data: Data;
}

export interface Signal<Data = unknown> {
  topic: string;
  signal: string;
  by?: number;
  data: Data;
}

export interface Closed {
  topic: string;
  code: string;
  /** Where a moved topic went. */
  to?: string;
}

export interface Frame {
  hello?: Hello;
  ref?: number | null;
  ok?: Ok;
  error?: WireError;
  topic?: string;
  seq?: number;
  event?: string;
  signal?: string;
  beat?: Record<string, number>;
  bye?: { retry_ms: number };
  closed?: Closed;
  can?: Record<string, string[]>;
}

/** One page of a topic's log over REST. */
export interface LogPage extends Position {
  resync: boolean;
  events: LogEvent[];
}

/** Close codes that ask for something else than coming back with back-off. */
export const CLOSE = {
  badText: 1007,
  tooLarge: 1009,
  restart: 1012,
  notThisProtocol: 4400,
  signedOut: 4401,
  tooSlow: 4408,
  paused: 4409,
  silent: 4410,
  flooding: 4429,
} as const;

/** The frames of one message, in order; none when it is not what the protocol says. */
export function decode(text: string): Frame[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const frames = Array.isArray(value) ? value : [value];
  return frames.filter(
    (frame): frame is Frame => typeof frame === "object" && frame !== null && !Array.isArray(frame),
  );
}

const encoder = new TextEncoder();

/** Size in bytes of a command's frame with the longest `ref` it can be given. */
export function frameBytes(command: Command): number {
  return encoder.encode(JSON.stringify({ ref: Number.MAX_SAFE_INTEGER, ...command })).length;
}

/** A random UUID (version 4); plain-http addresses lack `crypto.randomUUID`. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
