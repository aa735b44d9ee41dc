/**
 * Where unsent writes wait: IndexedDB, shared by all tabs; memory where the browser keeps nothing.
 *
 * Invariants: `order` grows with each `add` over all tabs; `update` never brings back what was
 * removed; `claim` is one transaction, so each write goes to exactly one tab.
 */

import type { WireError } from "./wire.ts";

/** A write on its way. Rows leave the store on `ok` or when they are thrown away. */
export interface Write {
  order: number;
  /** UUID; the same on every sending. */
  key: string;
  /** Member id; sent under no other. */
  member: number;
  /** The tab that sends it. */
  tab: string;
  cmd: string;
  topic: string;
  data: unknown;
  /** Wall clock in milliseconds when it was written or last tried by hand. */
  at: number;
  state: "waiting" | "failed";
  /** Why it failed. */
  error?: WireError;
}

export type NewWrite = Omit<Write, "order">;

export interface Store {
  add(write: NewWrite): Promise<Write>;
  /** Writes of one member, oldest first. */
  all(member: number): Promise<Write[]>;
  update(key: string, change: Partial<Write>): Promise<void>;
  remove(key: string): Promise<void>;
  wipe(member: number): Promise<void>;
  /** Gives this tab the writes whose tab is not among `living`. */
  claim(member: number, tab: string, living: ReadonlySet<string>): Promise<void>;
}

export class MemoryStore implements Store {
  #writes: Write[] = [];
  #order = 0;

  async add(write: NewWrite): Promise<Write> {
    this.#order += 1;
    const added = { ...write, order: this.#order };
    this.#writes.push(added);
    return { ...added };
  }

  async all(member: number): Promise<Write[]> {
    return this.#writes.filter((write) => write.member === member).map((write) => ({ ...write }));
  }

  async update(key: string, change: Partial<Write>): Promise<void> {
    const write = this.#writes.find((each) => each.key === key);
    if (write) Object.assign(write, change);
  }

  async remove(key: string): Promise<void> {
    this.#writes = this.#writes.filter((write) => write.key !== key);
  }

  async wipe(member: number): Promise<void> {
    this.#writes = this.#writes.filter((write) => write.member !== member);
  }

  async claim(member: number, tab: string, living: ReadonlySet<string>): Promise<void> {
    for (const write of this.#writes) {
      if (write.member === member && !living.has(write.tab)) write.tab = tab;
    }
  }
}

const DATABASE = "creative-ports";
const WRITES = "writes";

/** Opens the browser's store; rejects where the browser keeps nothing (private windows). */
export async function openStore(factory: IDBFactory = indexedDB): Promise<Store> {
  const opening = factory.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    const writes = opening.result.createObjectStore(WRITES, {
      keyPath: "order",
      autoIncrement: true,
    });
    writes.createIndex("key", "key", { unique: true });
    writes.createIndex("member", "member");
  };
  const database = await settled(opening);
  // A newer page of the site wants another shape: let it have the database.
  database.onversionchange = () => database.close();
  return new BrowserStore(database);
}

class BrowserStore implements Store {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async add(write: NewWrite): Promise<Write> {
    const order = await this.#change((writes) => writes.add(write));
    return { ...write, order: order as number };
  }

  async all(member: number): Promise<Write[]> {
    const writes = this.#database.transaction(WRITES).objectStore(WRITES);
    return settled<Write[]>(writes.index("member").getAll(member));
  }

  async update(key: string, change: Partial<Write>): Promise<void> {
    await this.#each("key", key, (write, cursor) => {
      cursor.update({ ...write, ...change });
    });
  }

  async remove(key: string): Promise<void> {
    await this.#each("key", key, (_write, cursor) => {
      cursor.delete();
    });
  }

  async wipe(member: number): Promise<void> {
    await this.#each("member", member, (_write, cursor) => {
      cursor.delete();
    });
  }

  async claim(member: number, tab: string, living: ReadonlySet<string>): Promise<void> {
    await this.#each("member", member, (write, cursor) => {
      if (!living.has(write.tab)) cursor.update({ ...write, tab });
    });
  }

  /** Runs one request in a transaction of its own; resolves once it is on disk. */
  async #change<T>(request: (writes: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = this.#database.transaction(WRITES, "readwrite", { durability: "strict" });
    const made = request(transaction.objectStore(WRITES));
    await finished(transaction);
    return made.result;
  }

  async #each(
    index: "key" | "member",
    value: IDBValidKey,
    visit: (write: Write, cursor: IDBCursorWithValue) => void,
  ): Promise<void> {
    const transaction = this.#database.transaction(WRITES, "readwrite", { durability: "strict" });
    const walk = transaction.objectStore(WRITES).index(index).openCursor(IDBKeyRange.only(value));
    walk.onsuccess = () => {
      const cursor = walk.result;
      if (!cursor) return;
      visit(cursor.value as Write, cursor);
      cursor.continue();
    };
    await finished(transaction);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
