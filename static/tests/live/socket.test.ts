import assert from "node:assert/strict";
import { test } from "node:test";
import { Bench, event, FakeLink, settle } from "./fakes.ts";

const POST = { cmd: "message.post", topic: "chat:17", data: { text: "Tere!" } };

test("joins when the server says hello", async () => {
  const bench = new Bench();
  await bench.live.start();
  assert.equal(bench.live.state, "connecting");
  bench.link.open();
  assert.equal(bench.live.state, "connecting");
  bench.link.hello();
  assert.equal(bench.live.state, "live");
});

test("push gets the one reply with its ref, whatever the order", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const first = bench.live.socket.push({ cmd: "ping" });
  const second = bench.live.socket.push({ cmd: "ping" });
  const [a, b] = link.pushes("ping");
  link.ok(b?.ref, { n: 2 });
  link.error(a?.ref, { code: "unknown" });
  assert.deepEqual(await first, { status: "error", error: { code: "unknown", detail: "" } });
  assert.deepEqual(await second, { status: "ok", ok: { n: 2 } });
});

test("reads an array of frames in order", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const seen: number[] = [];
  bench.live.topics.follow("chat:17", null, {
    event: ({ seq }) => seen.push(seq),
    resync: async () => ({ epoch: "", seq: 0 }),
  });
  await settle();
  link.followed({ "chat:17": { seq: 4 } });
  await settle();
  link.hear(JSON.stringify([event(5), event(6), event(7)]));
  assert.deepEqual(seen, [5, 6, 7]);
});

test("keeps at most in_flight writes unanswered and sends the rest in order", async () => {
  const bench = new Bench();
  await bench.live.start();
  bench.link.hello({ limits: { in_flight: 2 } });
  await settle();
  for (const key of ["a", "b", "c"]) void bench.live.socket.push({ ...POST, key });
  assert.deepEqual(
    bench.link.pushes("message.post").map(({ key }) => key),
    ["a", "b"],
  );
  bench.link.ok(bench.link.pushes("message.post")[0]?.ref);
  assert.deepEqual(
    bench.link.pushes("message.post").map(({ key }) => key),
    ["a", "b", "c"],
  );
});

test("a lost link loses every push, sent or not", async () => {
  const bench = new Bench();
  await bench.live.start();
  bench.link.hello({ limits: { in_flight: 1 } });
  await settle();
  const sent = bench.live.socket.push({ ...POST, key: "a" });
  const queued = bench.live.socket.push({ ...POST, key: "b" });
  bench.link.drop(1009);
  assert.deepEqual(await sent, { status: "lost", code: 1009 });
  assert.deepEqual(await queued, { status: "lost", code: 0 });
  assert.deepEqual(await bench.live.socket.push({ cmd: "ping" }), { status: "lost", code: 0 });
});

test("comes back with exponential back-off, full jitter, 30 s at most", async () => {
  const bench = new Bench();
  await bench.join();
  bench.link.drop();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const links = bench.links.length;
    const from = bench.clock.now();
    while (bench.links.length === links) await bench.clock.pass(50);
    waits.push(bench.clock.now() - from);
    bench.link.drop();
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
});

test("a crash loop right after hello does not start the back-off anew", async () => {
  const bench = new Bench();
  await bench.join();
  for (const wait of [250, 500, 1000]) {
    bench.link.drop();
    await bench.clock.pass(wait - 1);
    assert.equal(bench.link.isClosed, true);
    const links = bench.links.length;
    await bench.clock.pass(1);
    assert.equal(bench.links.length, links + 1);
    bench.link.hello();
  }
  await bench.clock.pass(10_000);
  bench.link.drop();
  await bench.clock.pass(250);
  assert.equal(bench.links.length, 5);
});

test("comes back at once when the browser says online", async () => {
  const bench = new Bench();
  await bench.join();
  bench.isOnline = false;
  bench.link.drop();
  assert.equal(bench.live.state, "offline");
  bench.isOnline = true;
  bench.live.wake();
  assert.equal(bench.links.length, 2);
});

test("comes back after the retry_ms of bye", async () => {
  const bench = new Bench();
  const link = await bench.join();
  link.say({ bye: { retry_ms: 3210 } });
  link.drop(1012);
  await bench.clock.pass(3209);
  assert.equal(bench.links.length, 1);
  await bench.clock.pass(1);
  assert.equal(bench.links.length, 2);
});

for (const [code, state] of [
  [4400, "outdated"],
  [4401, "signed-out"],
  [4409, "paused"],
] as const) {
  test(`close code ${code} ends as ${state} and does not come back`, async () => {
    const bench = new Bench();
    const link = await bench.join();
    link.drop(code);
    await bench.clock.pass(120_000);
    assert.equal(bench.live.state, state);
    assert.equal(bench.links.length, 1);
  });
}

test("a paused tab comes back when it is used", async () => {
  const bench = new Bench();
  const link = await bench.join();
  link.drop(4409);
  bench.live.wake();
  bench.link.hello();
  assert.equal(bench.links.length, 2);
  assert.equal(bench.live.state, "live");
});

test("an outdated page does not come back by being used", async () => {
  const bench = new Bench();
  const link = await bench.join();
  link.drop(4400);
  bench.live.wake();
  assert.equal(bench.links.length, 1);
});

test("close code 4429 waits 10 s", async () => {
  const bench = new Bench();
  const link = await bench.join();
  link.drop(4429);
  await bench.clock.pass(9_999);
  assert.equal(bench.links.length, 1);
  await bench.clock.pass(1);
  assert.equal(bench.links.length, 2);
});

for (const code of [4408, 4410]) {
  test(`close code ${code} comes back by back-off`, async () => {
    const bench = new Bench();
    const link = await bench.join();
    link.drop(code);
    await bench.clock.pass(250);
    assert.equal(bench.links.length, 2);
  });
}

test("a refused handshake asks who I am: 403 means signed out", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", 403);
  await bench.live.start();
  bench.link.drop();
  await settle();
  assert.deepEqual(bench.rest.asked, ["/api/v1/me/"]);
  assert.equal(bench.live.state, "signed-out");
  await bench.clock.pass(120_000);
  assert.equal(bench.links.length, 1);
});

test("a refused handshake with any other answer backs off", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", { id: 5 });
  await bench.live.start();
  bench.link.drop();
  await bench.clock.pass(250);
  assert.equal(bench.links.length, 2);
});

test("an opened link that drops does not ask who I am", async () => {
  const bench = new Bench();
  await bench.live.start();
  bench.link.open();
  bench.link.drop();
  await settle();
  assert.deepEqual(bench.rest.asked, []);
});

test("gives up a link without hello after 15 s", async () => {
  const bench = new Bench();
  await bench.live.start();
  bench.link.open();
  await bench.clock.pass(15_250);
  assert.equal(bench.links[0]?.isClosed, true);
  assert.equal(bench.links.length, 2);
});

test("another member's session is never used", async () => {
  const bench = new Bench();
  await bench.live.outbox.write(POST);
  await bench.live.start();
  bench.link.hello({ member: 6 });
  await bench.clock.pass(60_000);
  assert.equal(bench.live.state, "other-member");
  assert.deepEqual(bench.link.sent, []);
  assert.equal(bench.links.length, 1);
});

test("another protocol asks for a reload", async () => {
  const bench = new Bench();
  await bench.live.start();
  bench.link.hello({ protocol: 2 });
  assert.equal(bench.live.state, "outdated");
});

test("a changed build is noticed on coming back", async () => {
  const bench = new Bench();
  await bench.join();
  bench.link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  assert.equal(bench.live.hasNewBuild, false);
  bench.link.drop();
  await bench.clock.pass(1000);
  bench.link.hello({ build: "two" });
  assert.equal(bench.live.hasNewBuild, true);
});

test("answers a beat with ping, or with seen when events came", async () => {
  const bench = new Bench();
  const link = await bench.join();
  link.say({ beat: {} });
  assert.equal(link.pushes("ping").length, 1);
  bench.live.topics.follow("chat:17", null, {
    event: () => undefined,
    resync: async () => ({ epoch: "", seq: 0 }),
  });
  await settle();
  link.followed({ "chat:17": { seq: 4 } });
  await settle();
  link.say(event(5), { beat: { "chat:17": 5 } });
  assert.equal(link.pushes("ping").length, 1);
  assert.deepEqual(link.last("seen").heads, { "chat:17": 5 });
});

test("says seen every 64 events, or 2 s after one", async () => {
  const bench = new Bench();
  const link = await bench.join();
  bench.live.topics.follow("chat:17", null, {
    event: () => undefined,
    resync: async () => ({ epoch: "", seq: 0 }),
  });
  await settle();
  link.followed({ "chat:17": {} });
  await settle();
  for (let seq = 1; seq <= 63; seq += 1) link.say(event(seq));
  assert.deepEqual(link.pushes("seen"), []);
  link.say(event(64));
  assert.deepEqual(link.last("seen").heads, { "chat:17": 64 });
  link.say(event(65));
  await bench.clock.pass(1_999);
  assert.equal(link.pushes("seen").length, 1);
  await bench.clock.pass(1);
  assert.deepEqual(link.last("seen").heads, { "chat:17": 65 });
  await bench.clock.pass(10_000);
  assert.equal(link.pushes("seen").length, 2);
});

test("reconnects after 75 s of silence", async () => {
  const bench = new Bench();
  const link = await bench.join();
  await bench.clock.pass(40_000);
  link.say({ signal: "typing", topic: "chat:17", data: {} });
  await bench.clock.pass(74_999);
  assert.equal(link.isClosed, false);
  await bench.clock.pass(1);
  assert.equal(link.isClosed, true);
});

test("a push without an answer on a silent link ends the link after 15 s", async () => {
  const bench = new Bench();
  const link = await bench.join();
  await bench.clock.pass(1);
  const reply = bench.live.socket.push({ cmd: "ping" });
  await bench.clock.pass(15_000);
  assert.deepEqual(await reply, { status: "lost", code: 0 });
  assert.equal(link.isClosed, true);
});

test("a link that does not answer within 4 s of being woken is given up", async () => {
  const bench = new Bench();
  const link = await bench.join();
  await bench.clock.pass(1);
  bench.live.wake();
  link.ok(link.last("ping").ref);
  await bench.clock.pass(10_000);
  assert.equal(link.isClosed, false);
  bench.live.wake();
  await bench.clock.pass(4_000);
  assert.equal(link.isClosed, true);
});

test("refute_event: what an old link still says is not heard", async () => {
  const bench = new Bench();
  const old = await bench.join();
  old.drop();
  await bench.clock.pass(250);
  const fresh = bench.link;
  assert.notEqual(fresh, old);
  old.hello();
  assert.equal(bench.live.state, "reconnecting");
  assert.ok(fresh instanceof FakeLink);
});

test("after three failures without hello the log is read over REST every 5 s", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", { id: 5 });
  const page = "/api/v1/topics/chat:17/events/?since=118&limit=200";
  const next = "/api/v1/topics/chat:17/events/?since=119&limit=200";
  const epoch = "e";
  bench.rest.answers.set(page, { epoch, seq: 119, resync: false, events: [event(119)] });
  bench.rest.answers.set(next, { epoch, seq: 119, resync: false, events: [] });
  const seen: number[] = [];
  await bench.live.start();
  bench.live.topics.follow(
    "chat:17",
    { epoch, seq: 118 },
    { event: ({ seq }) => seen.push(seq), resync: async () => ({ epoch, seq: 0 }) },
  );
  for (let failures = 0; failures < 3; failures += 1) {
    assert.deepEqual(seen, []);
    bench.link.drop();
    if (failures < 2) await bench.clock.pass(250 * 2 ** failures);
  }
  await settle();
  assert.deepEqual(seen, [119]);
  assert.equal(bench.live.state, "polling");
  const asked = bench.rest.asked.filter((path) => path === next).length;
  await bench.clock.pass(5_000);
  assert.equal(bench.rest.asked.filter((path) => path === next).length, asked + 1);
});

test("hello ends the reading over REST and follows from where it came", async () => {
  const bench = new Bench();
  bench.rest.answers.set("/api/v1/me/", { id: 5 });
  const page = "/api/v1/topics/chat:17/events/?since=118&limit=200";
  bench.rest.answers.set(page, { epoch: "e", seq: 119, resync: false, events: [event(119)] });
  bench.live.topics.follow(
    "chat:17",
    { epoch: "e", seq: 118 },
    { event: () => undefined, resync: async () => ({ epoch: "e", seq: 0 }) },
  );
  await bench.live.start();
  for (const wait of [250, 500, 1000]) {
    bench.link.drop();
    await bench.clock.pass(wait);
  }
  bench.link.hello();
  await settle();
  const asked = bench.rest.asked.length;
  assert.deepEqual(bench.link.last("follow").topics, [
    { topic: "chat:17", since: 119, epoch: "e" },
  ]);
  bench.link.followed({ "chat:17": { epoch: "e", seq: 119 } });
  await bench.clock.pass(20_000);
  assert.equal(bench.rest.asked.length, asked);
  assert.equal(bench.live.state, "live");
});
