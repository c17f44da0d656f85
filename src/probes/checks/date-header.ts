import { instant, type Instant } from "../../values/time.ts";

/**
 * When an answer says that it was made (RFC 9110 §6.6.1): one Date field in the preferred form. An answer with an Age
 * comes from a cache (RFC 9111 §5.1), so its Date is of another time; two Dates are none.
 */
export class DateHeader {
  #lines = 0;
  #cached = false;
  #value: Instant | undefined;
  #closed = false;

  /** Whether the head is whole, so that no other Date can come. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whole seconds; `undefined` while the head is not whole, and where it has no date that says the time there. */
  get value(): Instant | undefined {
    return this.#closed && this.#lines === 1 && !this.#cached ? this.#value : undefined;
  }

  /** One field of the head. */
  read(line: string): void {
    if (this.#closed) return;
    if (/^age:/i.test(line)) this.#cached = true;
    if (!/^date:/i.test(line)) return;
    this.#lines += 1;
    this.#value = readDate(line.slice("date:".length).trim());
  }

  close(): void {
    this.#closed = true;
  }

  /** The fields were an interim answer's. */
  forget(): void {
    this.#lines = 0;
    this.#cached = false;
    this.#value = undefined;
  }
}

/** IMF-fixdate (RFC 9110 §5.6.7). The text of a moment is one text: what does not come back the same is none. */
function readDate(text: string): Instant | undefined {
  if (!fixdate.test(text)) return undefined;
  // oxlint-disable-next-line no-restricted-globals -- reads a text, and no clock
  const date = new Date(text);
  return date.toUTCString() === text ? instant(date.getTime()) : undefined;
}

const fixdate = /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;
