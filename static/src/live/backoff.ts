/**
 * How long to wait before coming back: exponential with full jitter, 0.5 to 30 s.
 *
 * Pure. Full jitter (uniform between 0 and the bound) spreads a crowd that lost the server at once;
 * see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Milliseconds before attempt number `attempt` (from 0); `random` gives 0 <= x < 1. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
}
