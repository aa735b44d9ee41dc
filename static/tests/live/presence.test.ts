import assert from "node:assert/strict";
import { test } from "node:test";
import { readPresence, Typing, Typists } from "../../src/live/presence.ts";
import { FakeClock } from "./fakes.ts";

function sign(
  by: number,
  on: boolean,
): { topic: string; signal: string; by: number; data: object } {
  return { topic: "chat:17", signal: "typing", by, data: { on } };
}

test("presence is read whole", () => {
  const data = { total: 37, members: [{ id: 6, name: "Jonas" }] };
  assert.deepEqual(readPresence({ topic: "chat:17", signal: "presence", data }), data);
  assert.deepEqual(readPresence({ topic: "chat:17", signal: "presence", data: null }), {
    total: 0,
    members: [],
  });
});

test("a typist counts until they stop, or for 6 s after the last sign", async () => {
  const clock = new FakeClock();
  const told: (readonly number[])[] = [];
  const typists = new Typists(clock, (members) => told.push(members));
  typists.hear(sign(6, true));
  await clock.pass(3_000);
  typists.hear(sign(6, true));
  typists.hear(sign(7, true));
  typists.hear(sign(7, false));
  await clock.pass(5_999);
  assert.deepEqual(told, [[6], [6, 7], [6]]);
  await clock.pass(1);
  assert.deepEqual(told.at(-1), []);
});

test("typing says so at once, each 3 s, and when it ends", async () => {
  const clock = new FakeClock();
  const said: [number, boolean][] = [];
  const typing = new Typing(clock, (isOn) => said.push([clock.now(), isOn]));
  for (let strokes = 0; strokes < 8; strokes += 1) {
    typing.stroke();
    await clock.pass(500);
  }
  await clock.pass(10_000);
  typing.stop();
  assert.deepEqual(said, [
    [0, true],
    [3_000, true],
    [8_500, false],
  ]);
});
