// `node tools/ci-summary.js REPORT`: the closing line of a CI run, and a failure when any test was skipped: a real-server
// test that did not run proves nothing.
import { readFileSync } from "node:fs";

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const skipped = testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter(({ status }) => status === "skipped" || status === "pending").map(({ fullName }) => fullName),
);
for (const name of skipped) console.error(`skipped: ${name}`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
process.exit(numFailedTests === 0 && numPassedTests > 0 && skipped.length === 0 ? 0 : 1);
