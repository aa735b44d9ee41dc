import assert from "node:assert/strict";
import { test } from "node:test";
import { withName } from "../../src/chat/mentioning.ts";
import {
  continues,
  flagOf,
  type GroupKey,
  gone,
  isForeign,
  type Message,
  namedAnew,
  placeOf,
  type Standing,
  shownWith,
} from "../../src/chat/model.ts";
import type { Write } from "../../src/live/store.ts";

const ME = 5;
const ANNA = {
  id: ME,
  name: "Anna Tamm",
  organisation: "Loomemaja",
  country: "EE",
  organisation_id: 3,
};
const MESSAGE: Message = {
  id: 4711,
  seq: 119,
  text: "Tere!",
  html: "<p>Tere!</p>",
  author: ANNA,
  language: "et",
  reply_to: null,
  posted_at: "2026-11-22T18:03:11.402Z",
  edited_at: null,
  deleted: false,
  reactions: [{ emoji: "👍", total: 2, members: [6, 7] }],
  mentions: [],
  thread: null,
  replies: null,
  pinned: false,
  forwarded: null,
  previews: [],
  files: [],
};

function write(cmd: string, data: object): Write {
  const rest = { order: 1, key: "k", member: ME, tab: "t", topic: "chat:17", at: 0 };
  return { ...rest, cmd, data, state: "waiting" };
}

function shown(writes: Write[], standing: Standing = "sending") {
  return shownWith(MESSAGE, writes, ME, () => standing);
}

test("without writes a message is what the server said", () => {
  assert.deepEqual(shown([]), { message: MESSAGE, isPlain: false, standing: null, write: null });
});

test("an unsent edit shows its text as it was typed", () => {
  const edit = write("message.edit", { id: 4711, text: "Tere, *kõik*!" });
  const result = shown([edit]);
  assert.deepEqual(result.message, { ...MESSAGE, text: "Tere, *kõik*!" });
  assert.equal(result.isPlain, true);
  assert.equal(result.write, edit);
});

test("a failed edit leaves what others see and says so", () => {
  const edit = write("message.edit", { id: 4711, text: "x" });
  const result = shown([edit], "failed");
  assert.equal(result.message, MESSAGE);
  assert.equal(result.standing, "failed");
});

test("unsent reactions count me once, in the order they were written", () => {
  const on = write("message.react", { id: 4711, emoji: "👍", on: true });
  const off = write("message.react", { id: 4711, emoji: "👍", on: false });
  const other = write("message.react", { id: 4711, emoji: "🎉", on: true });
  assert.deepEqual(shown([on, on]).message.reactions, [
    { emoji: "👍", total: 3, members: [6, 7, ME] },
  ]);
  assert.deepEqual(shown([on, off]).message.reactions, MESSAGE.reactions);
  assert.deepEqual(shown([off]).message.reactions, MESSAGE.reactions);
  assert.deepEqual(shown([other]).message.reactions, [
    ...MESSAGE.reactions,
    { emoji: "🎉", total: 1, members: [ME] },
  ]);
});

test("the last reaction that goes takes its emoji away", () => {
  const alone = { ...MESSAGE, reactions: [{ emoji: "👍", total: 1, members: [ME] }] };
  const off = write("message.react", { id: 4711, emoji: "👍", on: false });
  assert.deepEqual(shownWith(alone, [off], ME, () => "sending").message.reactions, []);
});

test("what is gone keeps its place and nothing of what it said", () => {
  assert.deepEqual(gone(4711, MESSAGE), {
    ...MESSAGE,
    text: "",
    html: "",
    deleted: true,
    reactions: [],
  });
  assert.equal(gone(4711, undefined), null);
});

test("messages of one author within five minutes of one day read as one", () => {
  const key = (time: string, more: Partial<GroupKey> = {}): GroupKey => ({
    author: ME,
    at: new Date(`2026-11-22T${time}Z`),
    day: "2026-11-22",
    isReply: false,
    ...more,
  });
  assert.equal(continues(key("18:00:00"), key("18:04:59")), true);
  assert.equal(continues(key("18:00:00"), key("18:05:00")), false);
  assert.equal(continues(key("18:00:00"), key("18:01:00", { author: 6 })), false);
  assert.equal(continues(key("18:00:00"), key("18:01:00", { day: "2026-11-23" })), false);
  assert.equal(continues(key("18:00:00"), key("18:01:00", { isReply: true })), false);
  assert.equal(
    continues(key("18:00:00", { author: null }), key("18:01:00", { author: null })),
    false,
  );
  assert.equal(continues(key("18:00:00", { isHidden: true }), key("18:01:00")), false);
  assert.equal(continues(null, key("18:00:00")), false);
});

test("flags are those that the server draws", () => {
  assert.deepEqual(flagOf(null), { pattern: 9, tone: "none" });
  assert.deepEqual(flagOf(3), { pattern: 15, tone: "2" });
  const all = new Set(Array.from({ length: 256 }, (_, id) => JSON.stringify(flagOf(id + 1))));
  assert.equal(all.size, 256);
});

test("a place leaves out what is missing", () => {
  assert.equal(placeOf(ANNA), "Loomemaja, EE");
  assert.equal(placeOf({ ...ANNA, organisation: "" }), "EE");
});

test("a language is foreign to who does not read it, but never in one's own messages", () => {
  const reading = (...reads: string[]) => ({ reads: new Set(reads), others: "fold", names: {} });
  assert.equal(isForeign(MESSAGE, reading("de"), 6), true);
  assert.equal(isForeign(MESSAGE, reading("de", "et"), 6), false);
  assert.equal(isForeign(MESSAGE, reading("de"), ME), false);
  assert.equal(isForeign(MESSAGE, reading(), 6), false);
  assert.equal(isForeign({ ...MESSAGE, language: "" }, reading("de"), 6), false);
  assert.equal(isForeign({ ...MESSAGE, deleted: true }, reading("de"), 6), false);
});

test("somebody who is called otherwise is so wherever a message names them", () => {
  const card = { ...ANNA, name: "Anna <T>", organisation: "Other" };
  const other = { id: 6, name: "Jonas" };
  const message: Message = {
    ...MESSAGE,
    reply_to: { id: 1, author: { id: ME, name: "Anna Tamm" }, excerpt: "x" },
    mentions: [
      { kind: "member", id: ME, name: "Anna Tamm" },
      { kind: "organisation", id: ME, name: "An organisation" },
    ],
    replies: {
      total: 2,
      last_at: "2026-11-22T18:03:11.402Z",
      people: [other, { id: ME, name: "A" }],
    },
  };
  const anew = namedAnew(message, card);
  assert.deepEqual(anew?.author, card);
  assert.equal(anew?.reply_to?.author?.name, card.name);
  assert.deepEqual(
    anew?.mentions.map(({ name }) => name),
    [card.name, "An organisation"],
  );
  assert.deepEqual(
    anew?.replies?.people.map(({ name }) => name),
    ["Jonas", card.name],
  );
  assert.equal(namedAnew({ ...MESSAGE, author: { ...ANNA, id: 7 } }, card), null);
  const link = '<a class="mention" href="/members/5/" rel="nofollow">@Anna Tamm</a>';
  const html = `<p>${link} <a href="/members/5/">@Anna Tamm</a> /members/5/</p>`;
  assert.equal(
    withName(html, card),
    html.replace(link, link.replace("Anna Tamm", "Anna &lt;T&gt;")),
  );
  assert.equal(withName(html, { id: 50, name: "x" }), html);
});
