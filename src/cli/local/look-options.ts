import { readAnchorFile, type LookOptions } from "../../wiring/look.ts";
import type { Given, Option } from "../frame/command.ts";

/** Where answers come from and what is trusted: of every command that looks at names by itself. */
export const lookOptions: { readonly [name: string]: Option } = {
  anchor: {
    placeholder: "FILE",
    repeats: true,
    says: "trust the DS or DNSKEY records, or the RFC 9718 XML, in it instead of the root's own",
  },
  server: { placeholder: "ADDRESS[:PORT]", repeats: true, says: "begin at this authoritative nameserver" },
  resolver: {
    placeholder: "WHERE",
    says: "ask a resolver: ADDRESS[:PORT], tls://HOST or https://HOST/PATH; it is not believed",
  },
};

/** @throws PointsmanError `anchor-file-unreadable`. */
export function lookGiven(given: Given): LookOptions {
  const resolver = given.value("resolver");
  return {
    anchors: given.values("anchor").map(readAnchorFile),
    servers: given.values("server"),
    ...(resolver === undefined ? {} : { resolver }),
  };
}
