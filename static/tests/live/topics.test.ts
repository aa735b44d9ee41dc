import assert from "node:assert/strict";
import { test } from "node:test";
import { RestError } from "../../src/live/rest.ts";
import type { Follower } from "../../src/live/topic.ts";
import type { Closed, Position, Signal } from "../../src/live/wire.ts";
import { Bench, EPOCH, event, type FakeLink, settle } from "./fakes.ts";

/** A reader that writes down what it is told. */
class Reader implements Follower {
  readonly events: number[] = [];
  readonly signals: unknown[] = [];
  readonly allowed: (readonly string[])[] = [];
  readonly closings: Closed[] = [];
  snapshots = 0;
  snapshot: () => Promise<Position> = async () => ({ epoch: EPOCH, seq: 200 });

  event({ seq }: { seq: number }): void {
    this.events.push(seq);
  }
  signal({ data }: Signal): void {
    this.signals.push(data);
  }
  can(commands: readonly string[]): void {
    this.allowed.push(commands);
  }
  closed(closed: Closed): void {
    this.closings.push(closed);
  }
  resync(): Promise<Position> {
    this.snapshots += 1;
    return this.snapshot();
  }
}

async function following(seq: number): Promise<[Bench, FakeLink, Reader, () => void]> {
  const bench = new Bench();
  const link = await bench.join();
  const reader = new Reader();
  const unfollow = bench.live.topics.follow("chat:17", { epoch: EPOCH, seq }, reader);
  await settle();
  link.followed({ "chat:17": { seq, can: ["message.post"] } });
  await settle();
  return [bench, link, reader, unfollow];
}

test("follows from the position of the page, in one command for all topics", async () => {
  const bench = new Bench();
  bench.live.topics.follow("chat:17", { epoch: EPOCH, seq: 118 }, new Reader());
  bench.live.topics.follow("member:5", null, new Reader());
  const link = await bench.join();
  assert.equal(link.pushes("follow").length, 1);
  assert.deepEqual(link.last("follow").topics, [
    { topic: "chat:17", since: 118, epoch: EPOCH },
    { topic: "member:5" },
  ]);
});

test("assert_event: each event once, in order", async () => {
  const [, link, reader] = await following(118);
  link.say(event(119), event(120), event(120), event(119), event(121));
  assert.deepEqual(reader.events, [119, 120, 121]);
});

test("refute_event: nothing of a topic before the reply to follow", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const reader = new Reader();
  bench.live.topics.follow("chat:17", { epoch: EPOCH, seq: 118 }, reader);
  await settle();
  link.say(event(119));
  assert.deepEqual(reader.events, []);
  link.followed({ "chat:17": { seq: 119 } });
  await settle();
  link.say(event(119));
  assert.deepEqual(reader.events, [119]);
});

test("a gap stops applying and follows again from the last seq", async () => {
  const [, link, reader] = await following(118);
  link.say(event(119), event(121), event(122));
  assert.deepEqual(reader.events, [119]);
  await settle();
  assert.equal(link.pushes("follow").length, 2);
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 119, epoch: EPOCH }]);
  link.followed({ "chat:17": { seq: 122 } });
  await settle();
  link.say(event(120), event(121), event(122));
  assert.deepEqual(reader.events, [119, 120, 121, 122]);
});

test("a gap is not counted as seen", async () => {
  const [bench, link] = await following(118);
  link.say(event(119), event(121));
  await bench.clock.pass(2_000);
  assert.deepEqual(link.last("seen").heads, { "chat:17": 119 });
});

test("a beat ahead of us follows again, one at our head does not", async () => {
  const [, link] = await following(118);
  link.say(event(119), { beat: { "chat:17": 119 } });
  await settle();
  assert.equal(link.pushes("follow").length, 1);
  link.say({ beat: { "chat:17": 121 } });
  await settle();
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 119, epoch: EPOCH }]);
});

test("resync takes the snapshot, then follows with its seq and epoch", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const reader = new Reader();
  reader.snapshot = async () => ({ epoch: "new", seq: 9 });
  bench.live.topics.follow("chat:17", { epoch: EPOCH, seq: 118 }, reader);
  await settle();
  link.followed({ "chat:17": { epoch: "new", seq: 9, resync: true } });
  await settle();
  assert.equal(reader.snapshots, 1);
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 9, epoch: "new" }]);
  link.followed({ "chat:17": { epoch: "new", seq: 9 } });
  await settle();
  link.say(event(10));
  assert.deepEqual(reader.events, [10]);
});

test("a snapshot that fails is asked for again, then follows", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const reader = new Reader();
  let tries = 0;
  reader.snapshot = async () => {
    tries += 1;
    if (tries < 3) throw new TypeError("network");
    return { epoch: EPOCH, seq: 7 };
  };
  bench.live.topics.follow("chat:17", { epoch: EPOCH, seq: 1 }, reader);
  await settle();
  link.followed({ "chat:17": { resync: true } });
  await bench.clock.pass(3_000);
  assert.equal(tries, 3);
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 7, epoch: EPOCH }]);
});

test("coming back follows everything from the last seq applied", async () => {
  const [bench, link, reader] = await following(118);
  link.say(event(119));
  link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  await settle();
  assert.deepEqual(bench.link.last("follow").topics, [
    { topic: "chat:17", since: 119, epoch: EPOCH },
  ]);
  bench.link.followed({ "chat:17": { seq: 120 } });
  await settle();
  bench.link.say(event(120));
  assert.deepEqual(reader.events, [119, 120]);
});

test("without a position, events come from the seq of the reply", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const reader = new Reader();
  bench.live.topics.follow("member:5", null, reader);
  await settle();
  link.followed({ "member:5": { seq: 40 } });
  await settle();
  link.say(event(41, { topic: "member:5" }));
  assert.deepEqual(reader.events, [41]);
});

test("closed is the last thing heard of a topic", async () => {
  const [bench, link, reader] = await following(118);
  link.say({ closed: { topic: "chat:17", code: "removed" } }, event(119));
  assert.deepEqual(reader.closings, [{ topic: "chat:17", code: "removed" }]);
  assert.deepEqual(reader.events, []);
  link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  await settle();
  assert.deepEqual(bench.link.pushes("follow"), []);
});

test("a refused follow closes the topic and leaves the others", async () => {
  const bench = new Bench();
  const [refused, other] = [new Reader(), new Reader()];
  bench.live.topics.follow("chat:17", null, refused);
  bench.live.topics.follow("chat:18", null, other);
  const link = await bench.join();
  link.ok(link.last("follow").ref, {
    topics: {
      "chat:17": { error: { code: "not_found", detail: "" } },
      "chat:18": { topic: "chat:18", epoch: EPOCH, seq: 0, resync: false, can: [] },
    },
  });
  await settle();
  assert.deepEqual(refused.closings, [{ topic: "chat:17", code: "not_found" }]);
  assert.deepEqual(other.closings, []);
});

test("a temporary error on follow asks again after retry_after_s", async () => {
  const bench = new Bench();
  bench.live.topics.follow("chat:17", null, new Reader());
  const link = await bench.join();
  link.error(link.last("follow").ref, { code: "unavailable", retry_after_s: 2 });
  await bench.clock.pass(2_000);
  assert.equal(link.pushes("follow").length, 1);
  await bench.clock.pass(250);
  assert.equal(link.pushes("follow").length, 2);
});

test("can comes with the reply and with each change", async () => {
  const [, link, reader] = await following(118);
  link.say({ can: { "chat:17": [] } });
  assert.deepEqual(reader.allowed, [["message.post"], []]);
});

test("unfollow: nothing of the topic comes after it", async () => {
  const [, link, reader, unfollow] = await following(118);
  unfollow();
  link.say(event(119), { topic: "chat:17", signal: "typing", by: 6, data: { on: true } });
  assert.deepEqual(reader.events, []);
  assert.deepEqual(reader.signals, []);
  assert.equal(link.pushes("unfollow").length, 1);
});

test("a reader that throws does not stop its topic", async (context) => {
  const reported: unknown[] = [];
  const before = globalThis.reportError;
  globalThis.reportError = (error) => reported.push(error);
  context.after(() => {
    globalThis.reportError = before;
  });
  const [, link, reader] = await following(118);
  const plain = reader.event.bind(reader);
  reader.event = (each) => {
    plain(each);
    if (each.seq === 119) throw new Error("a bug");
  };
  link.say(event(119), event(120));
  assert.deepEqual(reader.events, [119, 120]);
  assert.equal(reported.length, 1);
});

test("unknown frames, fields and signals are passed over", async () => {
  const [, link, reader] = await following(118);
  link.say({ novelty: 1 }, event(119, { novelty: 2 }), { beat: {}, novelty: 3 });
  link.hear("no json");
  link.hear("[1, null]");
  assert.deepEqual(reader.events, [119]);
});

/** A second reader of chat:17, whose page came at `seq`. */
async function joined(bench: Bench, seq: number | null): Promise<[Reader, () => void]> {
  const second = new Reader();
  const from = seq === null ? null : { epoch: EPOCH, seq };
  const leave = bench.live.topics.follow("chat:17", from, second);
  await settle();
  return [second, leave];
}

test("two readers of a topic are one follow on the wire and both hear each event once", async () => {
  const [bench, link, first] = await following(118);
  const [second] = await joined(bench, 118);
  assert.equal(link.pushes("follow").length, 1);
  link.say(event(119), event(119), event(120));
  assert.deepEqual(first.events, [119, 120]);
  assert.deepEqual(second.events, [119, 120]);
});

test("a reader whose page is newer hears nothing twice", async () => {
  const [bench, link, first] = await following(118);
  const [second] = await joined(bench, 120);
  assert.equal(link.pushes("follow").length, 1);
  link.say(event(119), event(120), event(121));
  assert.deepEqual(first.events, [119, 120, 121]);
  assert.deepEqual(second.events, [121]);
});

test("a reader whose page is older gets what it lacks, and the others nothing again", async () => {
  const [bench, link, first] = await following(118);
  link.say(event(119), event(120));
  const [second] = await joined(bench, 118);
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 118, epoch: EPOCH }]);
  link.followed({ "chat:17": { seq: 120 } });
  await settle();
  link.say(event(119), event(120), event(121));
  assert.deepEqual(first.events, [119, 120, 121]);
  assert.deepEqual(second.events, [119, 120, 121]);
});

test("a reader who joins while the follow is out and lacks more is brought up to date", async () => {
  const bench = new Bench();
  const link = await bench.join();
  const first = new Reader();
  bench.live.topics.follow("chat:17", { epoch: EPOCH, seq: 120 }, first);
  await settle();
  const [second] = await joined(bench, 118);
  link.followed({ "chat:17": { seq: 120 } });
  await settle();
  assert.deepEqual(link.last("follow").topics, [{ topic: "chat:17", since: 118, epoch: EPOCH }]);
  link.followed({ "chat:17": { seq: 120 } });
  await settle();
  link.say(event(119), event(120), event(121));
  assert.deepEqual(first.events, [121]);
  assert.deepEqual(second.events, [119, 120, 121]);
});

test("who comes later gets the commands and the last whole signal, but no typing", async () => {
  const [bench, link] = await following(118);
  link.say({ topic: "chat:17", signal: "presence", data: { total: 1 } });
  link.say({ topic: "chat:17", signal: "presence", data: { total: 2 } });
  link.say({ topic: "chat:17", signal: "typing", by: 6, data: { on: true } });
  const [second] = await joined(bench, null);
  assert.deepEqual(second.allowed, [["message.post"]]);
  assert.deepEqual(second.signals, [{ total: 2 }]);
  link.say(event(119));
  assert.deepEqual(second.events, [119]);
});

test("one reader leaving leaves the topic followed for the other", async () => {
  const [bench, link, first, unfollow] = await following(118);
  const [second, leave] = await joined(bench, 118);
  leave();
  leave();
  link.say(event(119));
  assert.deepEqual(first.events, [119]);
  assert.deepEqual(second.events, []);
  assert.deepEqual(link.pushes("unfollow"), []);
  unfollow();
  assert.equal(link.pushes("unfollow").length, 1);
});

test("resync lets each reader take its own snapshot; one that is gone closes alone", async () => {
  const [bench, link, first] = await following(118);
  const [second] = await joined(bench, 118);
  first.snapshot = async () => ({ epoch: "new", seq: 9 });
  second.snapshot = async () => {
    throw new RestError(404, { code: "not_found", detail: "" });
  };
  link.drop();
  await bench.clock.pass(250);
  bench.link.hello();
  await settle();
  bench.link.followed({ "chat:17": { epoch: "new", seq: 9, resync: true } });
  await settle();
  assert.deepEqual([first.snapshots, second.snapshots], [1, 1]);
  assert.deepEqual(second.closings, [{ topic: "chat:17", code: "gone" }]);
  assert.deepEqual(first.closings, []);
  assert.deepEqual(bench.link.last("follow").topics, [
    { topic: "chat:17", since: 9, epoch: "new" },
  ]);
});

test("readers of different epochs take snapshots", async () => {
  const [bench, link, first] = await following(118);
  const second = new Reader();
  second.snapshot = first.snapshot;
  bench.live.topics.follow("chat:17", { epoch: "new", seq: 3 }, second);
  await settle();
  link.followed({ "chat:17": { epoch: "new", seq: 3 } });
  await settle();
  assert.deepEqual([first.snapshots, second.snapshots], [1, 1]);
});

test("closed is told to every reader", async () => {
  const [bench, link, first] = await following(118);
  const [second] = await joined(bench, 118);
  link.say({ closed: { topic: "chat:17", code: "removed" } });
  assert.deepEqual(first.closings, [{ topic: "chat:17", code: "removed" }]);
  assert.deepEqual(second.closings, first.closings);
});
