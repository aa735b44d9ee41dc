/**
 * A form that was just sent is not sent again by a second press of its button.
 *
 * Invariants: what a script sends itself is left to it; after a moment the form may be sent anew,
 * since a page that one comes back to, or whose answer never came, is still of use.
 */

const AGAIN_MS = 2000;
const sentAt = new WeakMap<HTMLFormElement, number>();

export function sendOnce(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented)
    return;
  const now = performance.now();
  if (now - (sentAt.get(form) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) event.preventDefault();
  else sentAt.set(form, now);
}
