#!/usr/bin/env node
// Plain JavaScript, so that an older Node can say what it lacks instead of failing on syntax.
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 26 || (major === 26 && minor < 10)) {
  console.error(
    `Pointsman needs Node 26.10 or later; this is ${process.version}. In the repository: npm run pointsman -- ...`,
  );
  process.exit(2);
}
keepCompiledCode();
const source = new URL("../src/main.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("../dist/main.js", import.meta.url).href);

// Starts in half the time from the second time on: Node keeps what it compiled, with a hash of the source that it is of.
// Whoever could write there could have us run other code, so the folder is one that nobody else may even enter; where
// there is none such, nothing is kept.
function keepCompiledCode() {
  const uid = process.getuid?.();
  const folder = path.join(tmpdir(), uid === undefined ? "pointsman" : `pointsman-${uid}`);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const found = lstatSync(folder);
    const isOurs = uid === undefined || (found.uid === uid && (found.mode & 0o077) === 0);
    if (found.isDirectory() && isOurs) module.enableCompileCache(folder);
  } catch {
    // No such place, or a disk that is full or read-only: it starts more slowly.
  }
}
