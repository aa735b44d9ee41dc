/** Finding what templates name: `data-slot` for what is filled, `data-action` for what is pressed. */

/** The element of this slot; raises when the template lost it. */
export function slot<T extends Element = HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector<T>(`[data-slot="${name}"]`);
  if (!found) throw new Error(`no slot ${name}`);
  return found;
}

export function maybeSlot<T extends Element = HTMLElement>(
  root: ParentNode,
  name: string,
): T | null {
  return root.querySelector<T>(`[data-slot="${name}"]`);
}

/** A copy of the one element that the template of this slot holds. */
export function clone(root: ParentNode, name: string): HTMLElement {
  const template = slot<HTMLTemplateElement>(root, name);
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${name} is empty`);
  return copy;
}

/** The pressed thing of an event, and what it does. */
export function pressed(event: Event): { action: string; target: HTMLElement } | null {
  const target = event.target instanceof Element ? event.target.closest("[data-action]") : null;
  if (!(target instanceof HTMLElement) || !target.dataset.action) return null;
  return { action: target.dataset.action, target };
}
