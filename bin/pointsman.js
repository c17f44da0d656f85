#!/usr/bin/env node
// Plain JavaScript, so that an older Node can say what it lacks instead of failing on syntax.
import { existsSync } from "node:fs";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 26 || (major === 26 && minor < 10)) {
  console.error(
    `Pointsman needs Node 26.10 or later; this is ${process.version}. In the repository: npm run pointsman -- ...`,
  );
  process.exit(2);
}
const source = new URL("../src/main.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("../dist/main.js", import.meta.url).href);
