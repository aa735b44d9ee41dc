/** Puts a popover where it can be seen whole, beside what opened it. */

export function openBeside(popover: HTMLElement, opener: HTMLElement): void {
  popover.showPopover();
  const place = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const left = Math.min(Math.max(8, place.right - width), innerWidth - width - 8);
  const below = place.bottom + 4;
  const top = below + height < innerHeight ? below : Math.max(8, place.top - height - 4);
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}
