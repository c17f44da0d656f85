import { printable } from "../frame/terminal.ts";

/** The same, with every text in it printable: what nameservers, checks and people wrote must not steer the terminal. */
export function clean<Value extends object>(response: Value): Value {
  const copy = structuredClone(response);
  visit(copy);
  return copy;
}

function visit(value: object): void {
  for (const [member, inner] of Object.entries(value)) {
    if (typeof inner === "string") Reflect.set(value, member, printable(inner));
    else if (typeof inner === "object" && inner !== null) visit(inner);
  }
}
