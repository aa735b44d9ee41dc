import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FrameTooLarge } from "../../src/live/client.ts";
import { MemoryStore, openStore, type Store } from "../../src/live/store.ts";
import { frameBytes, newKey } from "../../src/live/wire.ts";
import { Bench, event, ME, settle } from "./fakes.ts";

const POST = { cmd: "message.post", topic: "chat:17", data: { text: "Tere!" } };
const WEEK_MS = 7 * 24 * 3600 * 1000;

function keys(bench: Bench): (string | undefined)[] {
  return bench.link.pushes("message.post").map(({ key }) => key);
}

function states(bench: Bench): string[] {
  return bench.live.outbox.writes.map(({ state }) => state);
}

test("push: a write leaves the store on ok, and only then", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const sent: unknown[] = [];
  bench.live.outbox.subscribe((change) => {
    if (change.kind === "sent") sent.push([change.write.key, change.ok]);
  });
  const key = await bench.live.outbox.write(POST);
  await settle();
  assert.deepEqual({ ...link.last("message.post"), ref: 0 }, { ref: 0, ...POST, key });
  assert.deepEqual(states(bench), ["waiting"]);
  link.ok(link.last("message.post").ref, { id: 4711 });
  await settle();
  assert.deepEqual(states(bench), []);
  assert.deepEqual(sent, [[key, { id: 4711 }]]);
});

test("a write made offline is sent with its key when the link comes", async () => {
  const bench = new Bench();
  const key = await bench.live.outbox.write(POST);
  assert.equal(bench.live.waiting, 1);
  await bench.join();
  assert.deepEqual(keys(bench), [key]);
});

test("a write whose reply was lost is sent again with the same key", async () => {
  const bench = new Bench();
  await bench.join();
  const key = await bench.live.outbox.write(POST);
  await settle();
  bench.link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  await settle();
  assert.deepEqual(keys(bench), [key]);
  bench.link.ok(bench.link.last("message.post").ref, { id: 4711, replayed: true });
  await settle();
  assert.deepEqual(states(bench), []);
});

test("a write that an event says is done does not count as waiting, though its answer is lost", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const key = await bench.live.outbox.write(POST);
  await bench.live.outbox.write({ ...POST, topic: "chat:18" });
  await settle();
  assert.equal(bench.live.waiting, 2);
  link.say(event(119, { key, by: ME }), event(120, { key: "another's" }));
  assert.equal(bench.live.waiting, 1);
  link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  await settle();
  assert.deepEqual(keys(bench).includes(key), true);
  bench.link.ok(bench.link.pushes("message.post").find((each) => each.key === key)?.ref, {});
  await settle();
  assert.equal(bench.live.waiting, 1);
});

test("a topic gets its writes one after the other, topics do not wait for each other", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const first = await bench.live.outbox.write(POST);
  const second = await bench.live.outbox.write(POST);
  const other = await bench.live.outbox.write({ ...POST, topic: "chat:18" });
  await settle();
  assert.deepEqual(keys(bench), [first, other]);
  link.ok(link.pushes("message.post")[0]?.ref);
  await settle();
  assert.deepEqual(keys(bench), [first, other, second]);
});

test("a temporary error is sent again after retry_after_s, with the same key", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const key = await bench.live.outbox.write(POST);
  await settle();
  link.error(link.last("message.post").ref, { code: "unavailable", retry_after_s: 3 });
  await settle();
  assert.deepEqual(states(bench), ["waiting"]);
  await bench.clock.pass(3_249);
  assert.deepEqual(keys(bench), [key]);
  await bench.clock.pass(1);
  assert.deepEqual(keys(bench), [key, key]);
});

test("a temporary error does not let a later write of the topic pass", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const first = await bench.live.outbox.write(POST);
  await bench.live.outbox.write(POST);
  await settle();
  link.error(link.last("message.post").ref, { code: "internal", retry_after_s: 1 });
  await bench.clock.pass(1_250);
  assert.deepEqual(keys(bench), [first, first]);
});

test("rate.limited holds every topic", async () => {
  const bench = new Bench();
  const link = await bench.join();
  await bench.live.outbox.write(POST);
  await settle();
  link.error(link.last("message.post").ref, { code: "rate.limited", retry_after_s: 2 });
  await settle();
  await bench.live.outbox.write({ ...POST, topic: "chat:18" });
  await bench.clock.pass(1_999);
  assert.equal(keys(bench).length, 1);
  await bench.clock.pass(251);
  assert.equal(keys(bench).length, 3);
});

test("a final error fails the write until it is tried again, under its old key", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const key = await bench.live.outbox.write(POST);
  await settle();
  link.error(link.last("message.post").ref, { code: "forbidden", detail: "No." });
  await bench.clock.pass(60_000);
  assert.deepEqual(states(bench), ["failed"]);
  assert.deepEqual(bench.live.outbox.writes[0]?.error, { code: "forbidden", detail: "No." });
  assert.equal(bench.live.waiting, 0);
  bench.link.hello();
  await bench.live.outbox.tryAgain(key);
  await settle();
  assert.deepEqual(keys(bench).at(-1), key);
  assert.deepEqual(states(bench), ["waiting"]);
});

test("throwing away forgets the write and lets the next one go", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const key = await bench.live.outbox.write(POST);
  await settle();
  link.error(link.last("message.post").ref, { code: "invalid" });
  await settle();
  await bench.live.outbox.throwAway(key);
  assert.deepEqual(states(bench), []);
});

for (const code of [1007, 1009]) {
  test(`after close code ${code} the frame under way is not sent by itself again`, async () => {
    const bench = new Bench();
    const link = await bench.join();
    await bench.live.outbox.write(POST);
    await settle();
    link.drop(code);
    await bench.clock.pass(250);
    bench.link.hello();
    await bench.clock.pass(10_000);
    assert.deepEqual(keys(bench), []);
    assert.deepEqual(states(bench), ["failed"]);
    assert.equal(bench.live.outbox.writes[0]?.error?.code, "outbox.refused_frame");
  });
}

test("what is older than 7 days waits to be tried by hand", async () => {
  const store = new MemoryStore();
  const now = 1_790_000_000_000;
  const write = { ...POST, member: 5, tab: "tab-1", state: "waiting" as const };
  await store.add({ ...write, key: "old", at: now - WEEK_MS - 1_000 });
  await store.add({ ...write, key: "young", at: now - WEEK_MS + 60_000 });
  const bench = new Bench({ store, wallNow: () => now });
  await bench.join();
  assert.deepEqual(keys(bench), ["young"]);
  assert.equal(bench.live.outbox.writes[0]?.error?.code, "outbox.old");
  bench.link.ok(bench.link.last("message.post").ref);
  await bench.live.outbox.tryAgain("old");
  await settle();
  assert.deepEqual(keys(bench), ["young", "old"]);
});

test("writes of another member stay where they are and are never sent", async () => {
  const store = new MemoryStore();
  const theirs = { ...POST, key: "theirs", member: 6, tab: "gone", at: 0 };
  await store.add({ ...theirs, state: "waiting" });
  const bench = new Bench({ store });
  await bench.join();
  await bench.clock.pass(10_000);
  assert.deepEqual(keys(bench), []);
  assert.deepEqual(states(bench), []);
  await bench.live.outbox.wipe();
  assert.equal((await store.all(6)).length, 1);
});

test("signing out wipes what is unsent", async () => {
  const bench = new Bench();
  await bench.live.outbox.write(POST);
  await bench.live.outbox.wipe();
  await bench.join();
  assert.deepEqual(keys(bench), []);
  assert.deepEqual(states(bench), []);
});

test("a frame beyond the limit is refused before it is stored", async () => {
  const bench = new Bench();
  await bench.join();
  const text = "ä".repeat(32_800);
  await assert.rejects(bench.live.outbox.write({ ...POST, data: { text } }), FrameTooLarge);
  assert.deepEqual(states(bench), []);
  assert.deepEqual(keys(bench), []);
});

test("frames are measured in bytes with the longest ref", () => {
  const short = { cmd: "message.post", key: newKey() };
  const sent = JSON.stringify({ ref: Number.MAX_SAFE_INTEGER, ...short, data: "ä😀" });
  assert.equal(frameBytes({ ...short, data: "ä😀" }), Buffer.byteLength(sent));
});

test("keys are random UUIDs", () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const made = new Set(Array.from({ length: 200 }, newKey));
  assert.equal(made.size, 200);
  for (const key of made) assert.match(key, pattern);
});

test("two tabs: each sends its own, and those of a tab that is gone", async () => {
  const store = new MemoryStore();
  const alive = new Set(["tab-1", "tab-2"]);
  const tabs = (id: string) => ({ id, living: async () => alive });
  const [one, two] = [
    new Bench({ store, tabs: tabs("tab-1") }),
    new Bench({ store, tabs: tabs("tab-2") }),
  ];
  const first = await one.live.outbox.write(POST);
  await two.join();
  assert.deepEqual(keys(two), []);
  assert.equal(two.live.waiting, 1);
  alive.delete("tab-1");
  await two.clock.pass(30_000);
  assert.equal(two.links.flatMap((link) => link.pushes("message.post"))[0]?.key, first);
});

test("a tab that is signed out leaves its writes to one that is not", async () => {
  const store = new MemoryStore();
  const alive = new Set(["tab-1", "tab-2"]);
  const bench = (id: string): Bench =>
    new Bench({
      store,
      tabs: { id, living: async () => alive },
      tellTabs: () => void other.live.outbox.reload(),
    });
  const other = new Bench({ store, tabs: { id: "tab-2", living: async () => alive } });
  await other.join();
  const one = bench("tab-1");
  await one.join();
  const before = await one.live.outbox.write(POST);
  await settle();
  one.link.drop(4401);
  await settle();
  const after = await one.live.outbox.write(POST);
  await settle();
  assert.deepEqual(keys(other), [before]);
  other.link.ok(other.link.last("message.post").ref);
  await settle();
  assert.deepEqual(keys(other), [before, after]);
  assert.deepEqual(keys(one), [before]);
});

test("without a socket, writes go over REST and say what the server said", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", { id: 5 });
  bench.rest.postAnswer = () => ({ status: 200, body: { ref: 1, ok: { id: 4711 } } });
  const key = await bench.live.outbox.write(POST);
  await bench.live.start();
  for (const wait of [250, 500, 0]) {
    bench.link.drop();
    await bench.clock.pass(wait);
  }
  assert.deepEqual(bench.rest.posted, [{ ref: 1, ...POST, key }]);
  assert.deepEqual(states(bench), []);
  const log = "/api/v1/topics/chat:17/events/?since=118&limit=200";
  const follower = { event: () => undefined, resync: async () => ({ epoch: "e", seq: 0 }) };
  bench.live.topics.follow("chat:17", { epoch: "e", seq: 118 }, follower);
  await bench.live.outbox.write(POST);
  await settle();
  assert.equal(bench.rest.asked.at(-1), log);
});

test("without a socket, nothing is sent over REST under another member", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", { id: 6 });
  await bench.live.outbox.write(POST);
  await bench.live.start();
  for (const wait of [250, 500, 0]) {
    bench.link.drop();
    await bench.clock.pass(wait);
  }
  assert.deepEqual(bench.rest.posted, []);
  assert.equal(bench.live.state, "other-member");
});

const stores: [string, () => Promise<Store>][] = [
  ["memory", async () => new MemoryStore()],
  ["IndexedDB", () => openStore(new IDBFactory())],
];

for (const [name, open] of stores) {
  describe(`the store in ${name}`, () => {
    const write = { ...POST, member: 5, tab: "a", at: 1, state: "waiting" as const };

    test("keeps the writes of a member in order", async () => {
      const store = await open();
      for (const key of ["z", "y", "x"]) await store.add({ ...write, key });
      await store.add({ ...write, key: "other", member: 6 });
      assert.deepEqual(
        (await store.all(5)).map(({ key }) => key),
        ["z", "y", "x"],
      );
    });

    test("does not bring back what was removed", async () => {
      const store = await open();
      await store.add({ ...write, key: "x" });
      await store.remove("x");
      await store.update("x", { state: "failed" });
      assert.deepEqual(await store.all(5), []);
    });

    test("updates one write", async () => {
      const store = await open();
      const added = await store.add({ ...write, key: "x" });
      await store.add({ ...write, key: "y" });
      await store.update("x", { state: "failed", error: { code: "forbidden", detail: "" } });
      assert.deepEqual((await store.all(5))[0], {
        ...added,
        state: "failed",
        error: { code: "forbidden", detail: "" },
      });
      assert.equal((await store.all(5))[1]?.state, "waiting");
    });

    test("claims the writes of tabs that are gone, of one member", async () => {
      const store = await open();
      await store.add({ ...write, key: "mine", tab: "b" });
      await store.add({ ...write, key: "orphan", tab: "gone" });
      await store.add({ ...write, key: "other", tab: "gone", member: 6 });
      await store.claim(5, "a", new Set(["a", "b"]));
      assert.deepEqual(
        (await store.all(5)).map(({ tab }) => tab),
        ["b", "a"],
      );
      assert.equal((await store.all(6))[0]?.tab, "gone");
    });

    test("wipes one member", async () => {
      const store = await open();
      await store.add({ ...write, key: "x" });
      await store.add({ ...write, key: "y", member: 6 });
      await store.wipe(5);
      assert.deepEqual(await store.all(5), []);
      assert.equal((await store.all(6)).length, 1);
    });
  });
}

test("IndexedDB keeps writes when the page is loaded again", async () => {
  const factory = new IDBFactory();
  const before = new Bench({ store: await openStore(factory) });
  const key = await before.live.outbox.write(POST);
  const after = new Bench({ store: await openStore(factory) });
  await after.live.outbox.open();
  assert.deepEqual(
    after.live.outbox.writes.map((write) => write.key),
    [key],
  );
});
