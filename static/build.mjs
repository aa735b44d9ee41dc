/**
 * Builds static/src/ into static/dist/: main.js, main.css, service-worker.js, fonts, icons.svg
 * and build.txt.
 *
 * `node static/build.mjs [--watch]`. The build id is a hash of everything built; the server tells it
 * in `hello`, so an open page learns that there is a newer one.
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
      await writeFile(path.join(dist, "build.txt"), `${await buildId()}\n`);
    });
  },
};

async function buildId() {
  const hash = createHash("sha256");
  for (const file of (await readdir(dist, { recursive: true })).sort()) {
    if (!/\.(js|css|svg|woff2)$/.test(file)) continue;
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
    { in: path.join(source, "push/service-worker.ts"), out: "service-worker" },
  ],
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

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
