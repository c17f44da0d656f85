import type { AnswerLink, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import type { bondOf } from "../story.ts";
import type { Span as Validity, Tone } from "../display.ts";

/** Where everything of the picture stands, in user units: decided apart from how it is drawn. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly zones: readonly PlacedZone[];
  readonly panels: readonly Panel[];
  readonly anchors: readonly Chip[];
  readonly arrows: readonly Arrow[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A key, a DS or an anchor. */
export interface Chip extends Place {
  readonly title: string;
  readonly detail: string;
  /** What it does, or what became of it. */
  readonly role: string;
  readonly tone: Tone;
  readonly solid: boolean;
  /** Of the signature that it made over the keys. */
  readonly validity: Validity | null;
}

export interface PlacedZone extends Place {
  readonly link: ZoneLink;
  readonly keys: readonly Chip[];
  readonly lanes: readonly Lane[];
  readonly troubles: readonly PlacedText[];
}

/** The DS of one child, in its parent's box. */
export interface Lane {
  readonly child: string;
  readonly x: number;
  readonly y: number;
  /** How many of the child's name fit over it. */
  readonly characters: number;
  readonly chips: readonly Chip[];
}

export interface PlacedText {
  readonly y: number;
  readonly text: string;
  readonly tone: Tone;
}

/** The records that one zone gave. */
export interface Panel extends Place {
  readonly records: readonly PlacedRecord[];
}

export interface PlacedRecord {
  readonly link: AnswerLink;
  readonly bond: ReturnType<typeof bondOf>;
  readonly y: number;
  readonly height: number;
  readonly data: readonly PlacedText[];
  readonly signatures: readonly {
    readonly y: number;
    readonly says: string;
    readonly tone: Tone;
    readonly validity: Validity;
  }[];
  readonly troubles: readonly PlacedText[];
}

export interface Arrow {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** `across`: from a right edge to a left one; the others go down. */
  readonly way: "down" | "across";
  readonly tone: Tone;
  readonly kind: "whole" | "dashed" | "broken";
}
