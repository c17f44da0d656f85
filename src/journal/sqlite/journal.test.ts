import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journalContract } from "../../ports/journal.contract.ts";
import { openSqliteJournal } from "./journal.ts";

journalContract("SQLite", () => {
  const place = mkdtempSync(join(tmpdir(), "pointsman-journal-"));
  const options = {
    folder: join(place, "data"),
    headFile: join(place, "head"),
    entropy: { octets: (length: number) => randomBytes(length) },
    reserveOctets: 65_536,
  };
  return Promise.resolve({
    open: () => openSqliteJournal(options),
    dispose: () => Promise.resolve(rmSync(place, { recursive: true })),
  });
});
