import assert from "node:assert/strict";
import { test } from "node:test";
import { Reading } from "../../src/chat/reading.ts";
import { FakeClock } from "../live/fakes.ts";

function bench(read = 100) {
  const clock = new FakeClock();
  const told: [number, number][] = [];
  const counts: number[] = [];
  const state = { isSeeing: true, isTold: true };
  const reading = new Reading(read, {
    clock,
    isSeeing: () => state.isSeeing,
    tell: async (seq) => {
      told.push([clock.now(), seq]);
      return state.isTold;
    },
    changed: (unseen) => counts.push(unseen),
  });
  return { clock, told, counts, state, reading };
}

test("the marker is told at once, then at most once in 5 s, with the newest seq", async () => {
  const { clock, told, reading } = bench();
  reading.came(101, true);
  await clock.pass(1_000);
  reading.came(102, true);
  reading.came(103, true);
  await clock.pass(10_000);
  assert.deepEqual(told, [
    [0, 101],
    [5_000, 103],
  ]);
});

test("the marker never moves back and is not told twice", async () => {
  const { clock, told, reading } = bench();
  reading.came(90, false);
  reading.came(100, true);
  await clock.pass(10_000);
  assert.deepEqual(told, []);
});

test("what comes unseen is counted, and read when the reader looks", async () => {
  const { clock, told, counts, state, reading } = bench();
  state.isSeeing = false;
  reading.came(101, true);
  reading.came(102, true);
  reading.came(103, false);
  await clock.pass(10_000);
  assert.deepEqual(told, []);
  state.isSeeing = true;
  reading.look();
  assert.deepEqual(counts, [1, 2, 0]);
  assert.deepEqual(told, [[10_000, 103]]);
});

test("a marker that did not arrive is told again at the next look", async () => {
  const { clock, told, state, reading } = bench();
  state.isTold = false;
  reading.came(101, true);
  await clock.pass(6_000);
  state.isTold = true;
  reading.look();
  await clock.pass(6_000);
  reading.look();
  assert.deepEqual(told, [
    [0, 101],
    [6_000, 101],
  ]);
});

test("a reader who left before the 5 s were over is not said to have read", async () => {
  const { clock, told, state, reading } = bench();
  reading.came(101, true);
  reading.came(102, true);
  state.isSeeing = false;
  await clock.pass(10_000);
  assert.deepEqual(told, [[0, 101]]);
});
