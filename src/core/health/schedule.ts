import type { DurationMs } from "../../values/time.ts";

/** What is to be looked at when: a binary heap, earliest first, equal times in the order of the text. */
export interface Schedule {
  add(at: DurationMs, what: string): void;
  /** Time of the earliest. */
  next(): DurationMs | undefined;
  /** Takes out the earliest. */
  take(): { readonly at: DurationMs; readonly what: string } | undefined;
}

export function schedule(): Schedule {
  const heap: Entry[] = [];
  return {
    add(at, what) {
      heap.push({ at, what });
      rise(heap);
    },
    next: () => heap[0]?.at,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      sink(heap);
      return first;
    },
  };
}

interface Entry {
  readonly at: DurationMs;
  readonly what: string;
}

function rise(heap: Entry[]): void {
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfBefore(heap, index, parent)) return;
    index = parent;
  }
}

function sink(heap: Entry[]): void {
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!swapIfBefore(heap, child, index)) return;
    index = child;
  }
}

function swapIfBefore(heap: Entry[], index: number, than: number): boolean {
  const entry = heap[index];
  const other = heap[than];
  if (entry === undefined || other === undefined || !isBefore(entry, other)) return false;
  heap[index] = other;
  heap[than] = entry;
  return true;
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.what < b.what);
}
