/**
 * `<pass-key>`: a form that a passkey fills in (WebAuthn level 2, section 5).
 *
 * `data-mode` says what is asked of the browser: `create` a passkey, or `get` a proof that one is
 * there. The options stand beside the form as JSON; without them they are fetched from the form's
 * address, as the sign-in page does. A browser without WebAuthn is told so.
 */

import { type Words, wordsOf } from "../words.ts";

interface Descriptor {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

interface CreateOptions extends Record<string, unknown> {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  authenticatorSelection?: AuthenticatorSelectionCriteria;
}

interface GetOptions extends Record<string, unknown> {
  challenge: string;
  allowCredentials?: Descriptor[];
}

/** The bytes of a base64url text without padding. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Bytes as base64url without padding. */
export function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function named(list: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));
}

async function create(options: CreateOptions, alone: boolean): Promise<Credential | null> {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    },
  };
  return navigator.credentials.create({
    publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions,
  });
}

async function get(options: GetOptions): Promise<Credential | null> {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  return navigator.credentials.get({
    publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions,
  });
}

/** A credential as the server reads it: bytes as base64url. */
function asJson(credential: PublicKeyCredential): string {
  const { response } = credential;
  const said: Record<string, unknown> = { clientDataJSON: textOf(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    said.attestationObject = textOf(response.attestationObject);
    said.transports = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    said.authenticatorData = textOf(response.authenticatorData);
    said.signature = textOf(response.signature);
    if (response.userHandle) said.userHandle = textOf(response.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: said,
  });
}

export class PassKey extends HTMLElement {
  #words: Words = {};

  connectedCallback(): void {
    this.#words = wordsOf(this);
    const form = this.querySelector("form");
    if (!form) return;
    if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) {
      this.#say("unable");
      return;
    }
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#fill(form);
    });
  }

  async #fill(form: HTMLFormElement): Promise<void> {
    this.#say("");
    try {
      const credential = await this.#ask(form);
      if (!(credential instanceof PublicKeyCredential)) return;
      const field = form.elements.namedItem("credential");
      if (field instanceof HTMLInputElement) field.value = asJson(credential);
      // Not requestSubmit: this listener has done its part.
      form.submit();
    } catch (error) {
      this.#say(
        error instanceof DOMException && error.name === "InvalidStateError" ? "known" : "failed",
      );
    }
  }

  async #ask(form: HTMLFormElement): Promise<Credential | null> {
    const options = await this.#options(form);
    if (this.dataset.mode !== "create") return get(options as unknown as GetOptions);
    const alone = form.elements.namedItem("passwordless");
    const isAlone = alone instanceof HTMLInputElement && alone.checked;
    return create(options as unknown as CreateOptions, isAlone);
  }

  async #options(form: HTMLFormElement): Promise<Record<string, unknown>> {
    const given = this.querySelector("script[type='application/json']")?.textContent;
    if (given) {
      const said = JSON.parse(given) as Record<string, { publicKey: Record<string, unknown> }>;
      const options = said.creation_options ?? said.request_options;
      if (options) return options.publicKey;
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
    return (await answer.json()).request_options.publicKey;
  }

  #say(word: string): void {
    const place = this.querySelector("[role='alert']");
    if (!place) return;
    place.textContent = word ? (this.#words[word] ?? "") : "";
    place.toggleAttribute("hidden", !word);
  }
}
