/** Lets a text field be as high as its text, where the browser has no `field-sizing`. */

/** Call what this returns after a script changed the text. */
export function growWithText(field: HTMLTextAreaElement): () => void {
  if (CSS.supports("field-sizing", "content")) return () => undefined;
  const grow = (): void => {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  };
  field.addEventListener("input", grow);
  return grow;
}
