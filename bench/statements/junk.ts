// A process that posts junk to a listener as fast as one core can, until it is told to end: from an address of its own, on
// new connections and old ones, half of it under a real approver's fingerprint.
import { Agent, request } from "node:https";

const [port = "0", statement = "", signature = "", from = "127.0.0.2"] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false, localAddress: from });
const real = JSON.stringify({ v: 1, statement, proof: { method: "sshsig", signature } });
let sent = 0;

function post(): void {
  sent += 1;
  const body = sent % 2 === 0 ? real : JSON.stringify({ v: 1, statement: "x".repeat(1000 + (sent % 1000)), proof: {} });
  const outgoing = request(
    {
      agent,
      host: "127.0.0.1",
      port,
      method: "POST",
      path: "/statements",
      headers: { "content-type": "application/json" },
    },
    (response) => {
      response.resume();
      response.once("end", post);
    },
  );
  outgoing.once("error", () => void setImmediate(post));
  outgoing.end(body);
}

for (let lane = 0; lane < 64; lane += 1) post();
process.send?.("posting");
process.once("disconnect", () => process.exit(0));
process.once("SIGTERM", () => {
  process.send?.({ sent });
  process.exit(0);
});
