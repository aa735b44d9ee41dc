import assert from "node:assert/strict";
import { test } from "node:test";
import type { Door, Told } from "../../src/files/door.ts";
import { Upload } from "../../src/files/upload.ts";
import { RestError } from "../../src/live/rest.ts";
import { FakeClock, settle } from "../live/fakes.ts";

const CHUNK = 1000;
const CARD = {
  id: "f-1",
  name: "plan.pdf",
  type: "application/pdf",
  size_bytes: 2500,
  width: null,
  height: null,
  alt: "",
  url: "/files/f-1/plan.pdf",
  thumbnail: null,
  plays: false,
};

/** A server that keeps what comes, and fails as it is told to. */
class FakeDoor implements Door {
  readonly keys: string[] = [];
  readonly offsets: number[] = [];
  readonly dropped: string[] = [];
  received = "";
  length = 0;
  /** What the next calls end with; the part is kept before an answer is lost. */
  trouble: (RestError | "lost answer" | null)[] = [];

  async announce(name: string, size: number, _type: string, key: string): Promise<Told> {
    this.keys.push(key);
    this.length = size;
    this.#raise();
    return this.#told(name);
  }

  async append(_id: string, offset: number, part: Blob): Promise<Told> {
    this.offsets.push(offset);
    const next = this.trouble.shift() ?? null;
    if (next instanceof RestError) throw next;
    if (offset !== this.received.length) {
      const problem = { code: "files.offset", detail: "", offset: this.received.length };
      throw new RestError(409, problem);
    }
    this.received += await part.text();
    if (next) throw new RestError(0, { code: "unreachable", detail: "", retry_after_s: 1 });
    return this.#told("plan.pdf");
  }

  async told(): Promise<Told> {
    return this.#told("plan.pdf");
  }

  async describe(): Promise<void> {}

  async drop(id: string): Promise<void> {
    this.dropped.push(id);
  }

  #raise(): void {
    const next = this.trouble.shift();
    if (next instanceof RestError) throw next;
  }

  #told(name: string): Told {
    const isDone = this.received.length === this.length;
    return {
      id: "f-1",
      name,
      state: isDone ? "ready" : "uploading",
      offset: this.received.length,
      length: this.length,
      chunk_bytes: CHUNK,
      error: null,
      file: isDone ? CARD : null,
    };
  }
}

const AWAY = new RestError(0, { code: "unreachable", detail: "", retry_after_s: 1 });
const TEXT = "x".repeat(2500);

function begin(door: FakeDoor) {
  const clock = new FakeClock();
  const states: string[] = [];
  const upload: Upload = new Upload(new Blob([TEXT]), "plan.pdf", {
    door,
    clock,
    random: () => 0.5,
    changed: () => states.push(upload.state),
  });
  return { clock, states, upload, ran: upload.run() };
}

/** Blobs are read by the platform, not by promises alone. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.pass(ms / 20);
  }
}

test("an upload goes in parts and becomes a file", async () => {
  const door = new FakeDoor();
  const { ran, states, upload } = begin(door);
  await ran;
  assert.deepEqual(door.offsets, [0, 1000, 2000]);
  assert.equal(door.received, TEXT);
  assert.deepEqual(upload.card, CARD);
  assert.deepEqual([upload.progress, states.at(-2), states.at(-1)], [1, "finishing", "ready"]);
});

test("a part that was cut off is sent again from where the server stands", async () => {
  const door = new FakeDoor();
  door.trouble = [null, null, AWAY, AWAY];
  const { clock, states, upload } = begin(door);
  await pass(clock, 60_000);
  assert.deepEqual(door.offsets, [0, 1000, 1000, 1000, 2000]);
  assert.equal(door.received, TEXT);
  assert.equal(upload.state, "ready");
  assert.ok(states.includes("broken"));
});

test("a part whose answer was lost is not sent twice", async () => {
  const door = new FakeDoor();
  door.trouble = [null, "lost answer"];
  const { clock, upload } = begin(door);
  await pass(clock, 60_000);
  assert.deepEqual(door.offsets, [0, 1000, 2000]);
  assert.deepEqual([door.received, upload.state], [TEXT, "ready"]);
});

test("an announcement whose answer was lost is sent again under its key", async () => {
  const door = new FakeDoor();
  door.trouble = [AWAY, AWAY];
  const { clock, upload } = begin(door);
  await pass(clock, 60_000);
  assert.equal(new Set(door.keys).size, 1);
  assert.deepEqual([door.keys.length, upload.state], [3, "ready"]);
});

test("a refusal is final and says why; trying again begins anew", async () => {
  const door = new FakeDoor();
  door.trouble = [new RestError(409, { code: "files.quota", detail: "There is no room left." })];
  const { ran, upload } = begin(door);
  await ran;
  assert.deepEqual([upload.state, upload.reason], ["failed", "There is no room left."]);
  await upload.again();
  assert.equal(upload.state, "ready");
  assert.equal(new Set(door.keys).size, 2);
});

test("a line that comes back wakes the upload at once", async () => {
  const door = new FakeDoor();
  door.trouble = [AWAY];
  const { clock, ran, upload } = begin(door);
  await clock.pass(0);
  assert.equal(upload.state, "broken");
  upload.wake();
  await ran;
  assert.deepEqual([upload.state, clock.now()], ["ready", 0]);
});

test("cancelling stops sending and has the server forget", async () => {
  const door = new FakeDoor();
  door.trouble = [null, null, AWAY];
  const { clock, upload, ran } = begin(door);
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await settle();
  }
  upload.cancel();
  await ran;
  const sent = door.offsets.length;
  await pass(clock, 60_000);
  assert.deepEqual([door.dropped, door.offsets.length], [["f-1"], sent]);
});
