import { concat, fromBase64, toBase64 } from "../../values/octets.ts";
import { ipv4FromText, ipv4ToText, ipv6FromText, ipv6ToText } from "./address.ts";
import { characterStringOctetsMax } from "./limits.ts";
import { numberAt, numberOctets, type Field } from "./rdata-fields.ts";
import { counted, toQuoted, type Pair, type Tokens } from "./tokens.ts";

/** Keys of the IANA registry "Service Parameter Keys (SvcParamKeys)" that RFC 9460 §14.3.2 itself fills. */
const keys = { mandatory: 0, alpn: 1, "no-default-alpn": 2, port: 3, ipv4hint: 4, ech: 5, ipv6hint: 6 } as const;

/** RFC 9460 §14.3.2: reserved, an invalid key. */
const invalidKey = 65_535;

/** The value of one key, as text and as octets. */
interface Parameter {
  /** The octets of a value, its escapes already read; `undefined` when it has not the key's form. */
  read(value: Uint8Array): Uint8Array | undefined;
  /** `=` and the text of a value, or nothing where there is no value; `undefined` when it has not the key's form. */
  write(octets: Uint8Array): string | undefined;
}

/**
 * The parameters of SVCB and HTTPS, up to the end, in ascending order; there may be none (RFC 9460 §2.1 and §2.2). In
 * text they come in any order, and each key once. Every key may be written `key65280`, with its octets for a value.
 */
export const serviceParameters: Field = {
  read: (tokens) => {
    const found = new Map<number, Uint8Array>();
    while (!tokens.isAtEnd) {
      const parameter = readParameter(tokens);
      if (parameter === undefined || found.has(parameter.key)) return undefined;
      found.set(parameter.key, parameter.octets);
    }
    const ascending = [...found].toSorted(([a], [b]) => a - b);
    return concat(...ascending.flatMap(([key, octets]) => [u16(key), u16(octets.length), octets]));
  },
  write: (rdata, at) => {
    const found = parametersOf(rdata, at);
    if (found === undefined || !isConsistent(found)) return undefined;
    const words: string[] = [];
    for (const [key, octets] of found) {
      const value = (parameters.get(key) ?? anything).write(octets);
      if (value === undefined) return undefined;
      words.push(`${keyToText(key)}${value}`);
    }
    return { text: words.join(" "), end: rdata.length };
  },
};

function readParameter(tokens: Tokens): { key: number; octets: Uint8Array } | undefined {
  const pair: Pair | undefined = tokens.pair();
  const key = pair === undefined ? undefined : keyFromText(pair.key);
  if (pair === undefined || key === undefined) return undefined;
  const form = pair.key.startsWith("key") ? anything : (parameters.get(key) ?? anything);
  // Without `=` the value is empty (RFC 9460 §2.1).
  const octets = form.read(pair.value ?? new Uint8Array(0));
  return octets === undefined ? undefined : { key, octets };
}

/** The values by key; `undefined` unless the keys ascend and the lengths fit (RFC 9460 §2.2). */
function parametersOf(rdata: Uint8Array, start: number): ReadonlyMap<number, Uint8Array> | undefined {
  const found = new Map<number, Uint8Array>();
  let last = -1;
  for (let at = start; at < rdata.length;) {
    if (at + 4 > rdata.length) return undefined;
    const key = numberAt(rdata.subarray(at, at + 2));
    const end = at + 4 + numberAt(rdata.subarray(at + 2, at + 4));
    if (key <= last || key === invalidKey || end > rdata.length) return undefined;
    found.set(key, rdata.subarray(at + 4, end));
    last = key;
    at = end;
  }
  return found;
}

/** Every mandatory key is there (RFC 9460 §8), and so are protocols where the default is taken away (§7.1.1). */
function isConsistent(found: ReadonlyMap<number, Uint8Array>): boolean {
  const mandatory = pieces(found.get(keys.mandatory) ?? new Uint8Array(0), 2) ?? [];
  if (!mandatory.every((key) => found.has(numberAt(key)))) return false;
  return !found.has(keys["no-default-alpn"]) || found.has(keys.alpn);
}

const keyNumbers = new Map<string, number>(Object.entries(keys));
const keyNames = new Map<number, string>(Object.entries(keys).map(([name, key]) => [key, name]));

function keyFromText(text: string): number | undefined {
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits === undefined) return keyNumbers.get(text);
  return Number(digits) < invalidKey ? Number(digits) : undefined;
}

function keyToText(key: number): string {
  return keyNames.get(key) ?? `key${key}`;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** Octets as they are: the value of `key65280`, of any length. */
const anything: Parameter = {
  read: (value) => value,
  write: (octets) => (octets.length === 0 ? "" : `=${toQuoted(octets)}`),
};

/** At least one key, ascending, never `mandatory` itself, each once (RFC 9460 §8). */
const mandatory: Parameter = {
  read: (value) => {
    const listed: number[] = [];
    for (const text of asciiOf(value).split(",")) {
      const key = keyFromText(text);
      if (key === undefined || key === keys.mandatory || listed.includes(key)) return undefined;
      listed.push(key);
    }
    return concat(...listed.toSorted((a, b) => a - b).map(u16));
  },
  write: (octets) => {
    const listed = pieces(octets, 2)?.map(numberAt);
    const isAscending = listed?.every((key, index) => key > (listed[index - 1] ?? keys.mandatory));
    if (listed === undefined || isAscending !== true || listed.at(-1) === invalidKey) return undefined;
    return `=${listed.map(keyToText).join(",")}`;
  },
};

/** At least one protocol, each of 1 to 255 octets behind their count (RFC 9460 §7.1.1). */
const alpn: Parameter = {
  read: (value) => {
    const items = itemsOf(value);
    const fits = items?.every((item) => item.length >= 1 && item.length <= characterStringOctetsMax);
    return fits === true ? concat(...(items ?? []).map(counted)) : undefined;
  },
  write: (octets) => {
    const items: Uint8Array[] = [];
    for (let at = 0; at < octets.length;) {
      const end = at + 1 + (octets[at] ?? 0);
      if (end === at + 1 || end > octets.length) return undefined;
      items.push(octets.subarray(at + 1, end));
      at = end;
    }
    return items.length === 0 ? undefined : `=${toQuoted(listOf(items))}`;
  },
};

const noDefaultAlpn: Parameter = {
  read: (value) => (value.length === 0 ? value : undefined),
  write: (octets) => (octets.length === 0 ? "" : undefined),
};

const port: Parameter = {
  read: (value) => {
    const text = asciiOf(value);
    return /^(?:0|[1-9]\d{0,4})$/.test(text) ? numberOctets(Number(text), 2) : undefined;
  },
  write: (octets) => (octets.length === 2 ? `=${numberAt(octets)}` : undefined),
};

const ech: Parameter = {
  read: (value) => {
    const octets = fromBase64(asciiOf(value));
    return octets === undefined || octets.length === 0 ? undefined : octets;
  },
  write: (octets) => (octets.length === 0 ? undefined : `=${toBase64(octets)}`),
};

const parameters = new Map<number, Parameter>([
  [keys.mandatory, mandatory],
  [keys.alpn, alpn],
  [keys["no-default-alpn"], noDefaultAlpn],
  [keys.port, port],
  [keys.ipv4hint, addresses(4, ipv4FromText, ipv4ToText)],
  [keys.ech, ech],
  [keys.ipv6hint, addresses(16, ipv6FromText, ipv6ToText)],
]);

/** At least one address (RFC 9460 §7.3). */
function addresses(
  length: number,
  fromText: (text: string) => Uint8Array | undefined,
  toText: (octets: Uint8Array) => string,
): Parameter {
  return {
    read: (value) => {
      const listed: Uint8Array[] = [];
      for (const text of asciiOf(value).split(",")) {
        const octets = fromText(text);
        if (octets === undefined) return undefined;
        listed.push(octets);
      }
      return concat(...listed);
    },
    write: (octets) => {
      const listed = pieces(octets, length);
      return listed === undefined ? undefined : `=${listed.map(toText).join(",")}`;
    },
  };
}

/** One character an octet: what is outside ASCII fits no form, and so is refused by each. */
function asciiOf(value: Uint8Array): string {
  return Array.from(value, (octet) => String.fromCharCode(octet)).join("");
}

/** Octets cut into pieces of one length; `undefined` for none, or a rest. */
function pieces(octets: Uint8Array, length: number): readonly Uint8Array[] | undefined {
  if (octets.length === 0 || octets.length % length !== 0) return undefined;
  return Array.from({ length: octets.length / length }, (_, index) =>
    octets.subarray(index * length, (index + 1) * length),
  );
}

const comma = 0x2c;
const backslash = 0x5c;

/** The items between commas; inside one, `\,` and `\\` stand for themselves, and nothing else is escaped (RFC 9460 §A.1). */
function itemsOf(value: Uint8Array): readonly Uint8Array[] | undefined {
  const items: number[][] = [[]];
  for (let at = 0; at < value.length; at += 1) {
    const octet = value[at] ?? 0;
    if (octet === comma) {
      items.push([]);
    } else {
      if (octet === backslash) at += 1;
      const literal = value[at];
      if (literal === undefined || (octet === backslash && literal !== comma && literal !== backslash))
        return undefined;
      items.at(-1)?.push(literal);
    }
  }
  return items.map((item) => Uint8Array.from(item));
}

function listOf(items: readonly Uint8Array[]): Uint8Array {
  const octets: number[] = [];
  for (const item of items) {
    if (octets.length > 0) octets.push(comma);
    for (const octet of item) {
      if (octet === comma || octet === backslash) octets.push(backslash);
      octets.push(octet);
    }
  }
  return Uint8Array.from(octets);
}
