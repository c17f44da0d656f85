import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { foldJournal } from "./fold.ts";

interface Golden {
  readonly entries: readonly string[];
  readonly root: string;
  readonly services: string;
}

const releases = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json"));

it.each(releases)("the journal of release %s means today what it meant then", (file) => {
  const golden: Golden = JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, "utf8"));
  expect(golden.entries.length).toBeGreaterThan(30);
  expect(foldJournal(golden.entries)).toEqual({ root: golden.root, services: golden.services });
});

it("there is one", () => expect(releases).not.toEqual([]));
