import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A machine's own view of names: where its resolver is, and what its hosts file says. */
export interface MachineNames {
  readonly resolvConf: string;
  readonly hosts: string;
  /** Questions that its resolver was asked. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Every name that anything here has, of the controller, of vantages, of providers and of what they publish. */
const names = ["localhost", "login.example.com", "example.com", "ns1.example.com", "ns2.example.com"];

/** A resolver that says nothing (`down`), or that names an address where nobody is (`spoofed`). */
export async function machineNames(how: "down" | "spoofed"): Promise<MachineNames> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-names-"));
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => {
    asked.push(octets.toString("latin1"));
    if (how === "spoofed") socket.send(spoofed(octets), from.port, from.address);
  });
  socket.bind(53, "127.0.0.66");
  await once(socket, "listening");
  const resolvConf = path.join(folder, "resolv.conf");
  const hosts = path.join(folder, "hosts");
  writeFileSync(resolvConf, "nameserver 127.0.0.66\noptions timeout:1 attempts:1\n");
  writeFileSync(hosts, how === "down" ? "" : names.map((name) => `192.0.2.66 ${name}\n`).join(""));
  return {
    resolvConf,
    hosts,
    asked,
    async stop() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

/** The question with an answer that leads nowhere: `A 192.0.2.66`, by a pointer to its name (RFC 1035 §4.1.4). */
function spoofed(question: Buffer): Buffer {
  const answer = Buffer.concat([question, Buffer.from("c00c000100010000003c0004c0000242", "hex")]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  answer.writeUInt16BE(0, 10);
  return answer;
}
