/**
 * Builds static/src/ into static/dist/: main.js, main.css, fonts and drawings under names that hold
 * a hash of their content, service-worker.js, manifest.json (what is called how) and build.txt.
 *
 * `node static/build.mjs [--watch]`. The build id is a hash of everything built; the server tells it
 * in `hello`, so an open page learns that there is a newer one. With `--watch` names stay plain.
 * What the build before is called stays, for a server that runs until it is started anew.
 */

import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const source = path.join(here, "src");
const dist = path.join(here, "dist");
const icons = path.join(root, "node_modules/lucide-static/icons");

const ID_LENGTH = 12;
const HASHED = /-[0-9A-Z]{8}(?=\.\w+$)/;
const manifestFile = path.join(dist, "manifest.json");
const isWatching = process.argv.includes("--watch");
const UNSCANNED = new Set(["node_modules", "dist", "collected", "var", "tests", "benchmarks"]);

/** Finishes each build: sprite, copies, build id. */
const finish = {
  name: "finish",
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length > 0) return;
      for (const file of await readdir(source)) {
        if (file.endsWith(".svg")) await copyFile(path.join(source, file), path.join(dist, file));
      }
      await writeFile(path.join(dist, "icons.svg"), await sprite());
      const names = isWatching ? {} : await manifest(result);
      if (!isWatching) await writeFile(manifestFile, `${JSON.stringify(names, null, 1)}\n`);
      const own = new Set(Object.values(names));
      const others = new Set([...before].filter((name) => !own.has(name)));
      await writeFile(path.join(dist, "build.txt"), `${await buildId(others)}\n`);
    });
  },
};

/** What each file is called: esbuild's own, and the drawings, which are copied under their hash. */
async function manifest(result) {
  const names = {};
  for (const file of Object.keys(result.metafile.outputs)) {
    const name = path.relative(dist, path.join(root, file));
    const plain = name.replace(HASHED, "");
    if (plain !== name && !name.startsWith("fonts/") && !name.endsWith(".map")) names[plain] = name;
  }
  for (const file of (await readdir(dist)).filter((name) => /^[a-z]+\.svg$/.test(name))) {
    const hash = createHash("sha256").update(await readFile(path.join(dist, file)));
    const named = file.replace(".svg", `-${hash.digest("hex").slice(0, 8).toUpperCase()}.svg`);
    await copyFile(path.join(dist, file), path.join(dist, named));
    names[file] = named;
  }
  return names;
}

/** What the last build's files with a hash are called. */
async function namesBefore() {
  try {
    return new Set(Object.values(JSON.parse(await readFile(manifestFile, "utf8"))));
  } catch {
    return new Set();
  }
}

async function buildId(others) {
  const hash = createHash("sha256");
  for (const file of (await readdir(dist, { recursive: true })).sort()) {
    if (!/\.(js|css|svg|woff2)$/.test(file) || others.has(file)) continue;
    hash.update(file).update(await readFile(path.join(dist, file)));
  }
  return hash.digest("hex").slice(0, ID_LENGTH);
}

/** An SVG sprite of the Lucide icons that templates, scripts and Python name. */
async function sprite() {
  const symbols = [];
  for (const name of [...(await iconNames())].sort()) {
    const text = await readFile(path.join(icons, `${name}.svg`), "utf8");
    const drawing = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.indexOf("</svg>"));
    const shapes = drawing.replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

/** Every quoted word that is an icon's name, in files that speak of icons. */
async function iconNames() {
  const known = new Set(
    (await readdir(icons)).filter((file) => file.endsWith(".svg")).map((file) => file.slice(0, -4)),
  );
  const used = new Set();
  for await (const file of sources(root)) {
    const text = await readFile(file, "utf8");
    if (file.endsWith(".html")) {
      for (const [, name] of text.matchAll(/\bicon ["']([a-z0-9-]+)["']/g)) used.add(name);
    } else if (/\bicon\b/.test(text)) {
      for (const [, name] of text.matchAll(/["']([a-z0-9-]+)["']/g)) {
        if (known.has(name)) used.add(name);
      }
    }
  }
  const unknown = [...used].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`no such icon: ${unknown.join(", ")}`);
  return used;
}

async function* sources(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !UNSCANNED.has(entry.name)) yield* sources(full);
    } else if (/\.(html|py|ts)$/.test(entry.name)) yield full;
  }
}

const options = {
  entryPoints: [
    { in: path.join(source, "main.ts"), out: "main" },
    { in: path.join(source, "main.css"), out: "main" },
  ],
  entryNames: isWatching ? "[name]" : "[name]-[hash]",
  metafile: true,
  outdir: dist,
  absWorkingDir: root,
  nodePaths: [path.join(root, "node_modules")],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  legalComments: "linked",
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  logLevel: "warning",
  plugins: [finish],
};

await mkdir(dist, { recursive: true });
const before = await namesBefore();
for (const name of await readdir(dist)) {
  if (!before.has(name)) await rm(path.join(dist, name), { recursive: true });
}
// A browser asks for it by the one name that it was registered under.
const worker = {
  ...options,
  entryPoints: [{ in: path.join(source, "push/service-worker.ts"), out: "service-worker" }],
  entryNames: "[name]",
  plugins: [],
};
if (isWatching) {
  await (await esbuild.context(worker)).watch();
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(worker);
  await esbuild.build(options);
}
