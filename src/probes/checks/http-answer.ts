import { DateHeader } from "./date-header.ts";

/** Octets of the status line and all header fields together, interim answers and trailers included. */
export const headOctetsMax = 16_384;
export const headerFieldsMax = 100;
/** The body is read up to here, decoded: it must contain its text within them. */
export const bodyOctetsMax = 65_536;
/** A chunk's size line with its extensions. */
const chunkLineOctetsMax = 256;

export interface Expectation {
  readonly status: readonly number[];
  /** The body must contain these octets; null: any body. */
  readonly contains: Buffer | null;
}

type LineStage = "status-line" | "fields" | "chunk-size" | "chunk-end" | "trailers";
type BodyStage = "sized" | "to-the-end" | "chunk";

/**
 * Reads one HTTP/1.1 answer (RFC 9112) as its octets come, strictly: no bare LF, no folding, no length said twice. It
 * gives the reason as soon as it is certain, and the same one however the octets were split. Redirects are not followed.
 */
export class HttpAnswer {
  readonly date = new DateHeader();
  readonly #expected: Expectation;
  #reason: string | undefined;
  #stage: LineStage | BodyStage = "status-line";
  #line = "";
  #lineOctets = 0;
  #headOctets = 0;
  #fields = 0;
  #status = 0;
  #version = "1";
  #length: number | undefined;
  #chunked = false;
  /** Octets still to come of a sized body or a chunk. */
  #left = 0;
  #bodyOctets = 0;
  #body: Buffer[] = [];

  constructor(expected: Expectation) {
    this.#expected = expected;
  }

  /** The next octets; the reason once certain. What follows is ignored then. */
  push(octets: Buffer): string | undefined {
    // Decoded once: latin1 has a character an octet, so places in the one are places in the other.
    let text: string | undefined;
    let at = 0;
    while (this.#reason === undefined && at < octets.length) {
      const stage = this.#stage;
      if (isBody(stage)) at = this.#takeBody(stage, octets, at);
      else at = this.#takeLine(stage, (text ??= octets.toString("latin1")), at);
    }
    return this.#reason;
  }

  /** The peer has closed its side. */
  end(): string {
    if (this.#reason !== undefined) return this.#reason;
    if (this.#stage === "to-the-end") return this.#complete();
    return this.#headOctets === 0 ? "no-answer" : "cut-short";
  }

  #takeBody(stage: BodyStage, octets: Buffer, at: number): number {
    const wanted = stage === "to-the-end" ? Infinity : this.#left;
    const until = Math.min(octets.length, at + wanted, at + bodyOctetsMax + 1 - this.#bodyOctets);
    if (this.#expected.contains !== null) this.#body.push(octets.subarray(at, until));
    this.#bodyOctets += until - at;
    if (this.#bodyOctets > bodyOctetsMax) {
      this.#reason = this.#contained() ? "pass" : "body-too-large";
      return until;
    }
    if (stage === "to-the-end") return until;
    this.#left -= until - at;
    if (this.#left > 0) return until;
    if (stage === "chunk") this.#stage = "chunk-end";
    else this.#reason = this.#complete();
    return until;
  }

  #takeLine(stage: LineStage, text: string, at: number): number {
    const found = text.indexOf("\n", at);
    const ends = found === -1 ? text.length : found + 1;
    if (this.#overLimit(stage, ends - at)) return ends;
    const line = this.#line + text.slice(at, ends);
    this.#line = found === -1 ? line : "";
    if (found === -1) return ends;
    this.#lineOctets = 0;
    this.#reason = line.endsWith("\r\n") ? this.#readLine(stage, line.slice(0, -2)) : "malformed";
    return ends;
  }

  #overLimit(stage: LineStage, octets: number): boolean {
    if (stage === "chunk-size" || stage === "chunk-end") {
      this.#lineOctets += octets;
      if (this.#lineOctets <= chunkLineOctetsMax) return false;
      this.#reason = "malformed";
      return true;
    }
    this.#headOctets += octets;
    if (this.#headOctets <= headOctetsMax) return false;
    this.#reason = "head-too-large";
    return true;
  }

  #readLine(stage: LineStage, line: string): string | undefined {
    switch (stage) {
      case "status-line":
        return this.#readStatusLine(line);
      case "fields":
        return line === "" ? this.#endOfHead() : this.#readField(line);
      case "chunk-size":
        return this.#readChunkSize(line);
      case "chunk-end":
        this.#stage = "chunk-size";
        return line === "" ? undefined : "malformed";
      case "trailers":
        if (line === "") return this.#complete();
        return field.test(line) ? undefined : "malformed";
    }
  }

  #readStatusLine(line: string): string | undefined {
    const [, version, status] = statusLine.exec(line) ?? [];
    if (version === undefined || status === undefined) return "malformed";
    this.#version = version;
    this.#status = Number(status);
    this.#stage = "fields";
    return undefined;
  }

  #readField(line: string): string | undefined {
    if (!field.test(line)) return "malformed";
    this.#fields += 1;
    if (this.#fields > headerFieldsMax) return "head-too-large";
    if (contentLength.test(line)) {
      // Two lengths, even equal ones, are a sign that somebody on the way reads this answer otherwise (RFC 9112 §6.3).
      const value = valueOf(line);
      if (this.#length !== undefined || !/^[0-9]{1,15}$/.test(value)) return "malformed";
      this.#length = Number(value);
    }
    if (transferEncoding.test(line)) {
      if (this.#chunked || valueOf(line).toLowerCase() !== "chunked") return "malformed";
      this.#chunked = true;
    }
    this.date.read(line);
    return undefined;
  }

  #endOfHead(): string | undefined {
    const interim = this.#status < 200 && this.#status !== 101;
    if (this.#chunked && (this.#length !== undefined || this.#version === "0")) return "malformed";
    if (interim) return this.#nextAnswer();
    this.date.close();
    if (!this.#expected.status.includes(this.#status)) {
      return `${this.#status >= 300 && this.#status < 400 ? "redirect" : "status"}-${this.#status}`;
    }
    if (this.#status === 101 || this.#status === 204 || this.#status === 304) return this.#complete();
    if (this.#chunked) this.#stage = "chunk-size";
    else if (this.#length === undefined) this.#stage = "to-the-end";
    else if (this.#length === 0) return this.#complete();
    else this.#stage = "sized";
    this.#left = this.#length ?? 0;
    return undefined;
  }

  // An interim answer (RFC 9110 §15.2) has a head alone, and announces another; the limits go on counting.
  #nextAnswer(): string | undefined {
    if (this.#chunked || this.#length !== undefined) return "malformed";
    this.#stage = "status-line";
    this.date.forget();
    return undefined;
  }

  #readChunkSize(line: string): string | undefined {
    const [, size] = chunkSize.exec(line) ?? [];
    if (size === undefined) return "malformed";
    this.#left = Number.parseInt(size, 16);
    this.#stage = this.#left === 0 ? "trailers" : "chunk";
    return undefined;
  }

  #complete(): string {
    return this.#contained() ? "pass" : "body-mismatch";
  }

  #contained(): boolean {
    const { contains } = this.#expected;
    return contains === null || joined(this.#body).subarray(0, bodyOctetsMax).includes(contains);
  }
}

function valueOf(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}

function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts);
}

function isBody(stage: LineStage | BodyStage): stage is BodyStage {
  return stage === "sized" || stage === "to-the-end" || stage === "chunk";
}

const statusLine = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** RFC 9110 §5.1 and §5.5: a name, a colon at once, and no control characters. */
const field = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;
const contentLength = /^content-length:/i;
const transferEncoding = /^transfer-encoding:/i;
const chunkSize = /^([0-9A-Fa-f]{1,8})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/;
