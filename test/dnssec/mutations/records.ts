import { nameFromText, rootName } from "../../../src/dns/wire/name.ts";
import { rcode, rrclass, rrtype } from "../../../src/dns/wire/rrtype.ts";
import type { Message, ResourceRecord } from "../../../src/dns/wire/record.ts";
import {
  anyMessage,
  coveredBy,
  isData,
  onRecord,
  patched,
  placesIn,
  sameText,
  type Operator,
  type Scene,
} from "./scene.ts";

const elsewhere = nameFromText("www.hostile.alpha.") ?? rootName;

/** Records added, removed and renamed; answers of other questions; aliases and wildcards where none are. */
export const recordOperators: { readonly [kind: string]: Operator } = {
  "record added to a set": onRecord(isData, (record, { random }) =>
    record.rdata.length === 0
      ? undefined
      : [record, { ...record, rdata: patched(record.rdata, record.rdata.length - 1, [random.below(256)]) }],
  ),
  "record removed": onRecord(isData, () => []),
  "set removed": (scene) => {
    const places = placesIn(scene.message);
    if (places.length === 0) return undefined;
    const { record } = scene.random.pick(places);
    const kept = (one: ResourceRecord) =>
      coveredBy(one) !== coveredBy(record) || sameText(one.name) !== sameText(record.name);
    const { message } = scene;
    return { ...message, answer: message.answer.filter(kept), authority: message.authority.filter(kept) };
  },
  "answer emptied": ({ message }) => (message.answer.length === 0 ? undefined : { ...message, answer: [] }),
  "authority emptied": ({ message }) => (message.authority.length === 0 ? undefined : { ...message, authority: [] }),
  "all emptied": ({ message, random }) => ({
    ...message,
    answer: [],
    authority: [],
    flags: { ...message.flags, rcode: random.pick([rcode.NOERROR, rcode.NXDOMAIN]) },
  }),
  "sections exchanged": ({ message }) => ({ ...message, answer: message.authority, authority: message.answer }),
  "answer in authority": ({ message }) => ({
    ...message,
    answer: [],
    authority: [...message.answer, ...message.authority],
  }),
  "answer replaced without signature": (scene) => {
    const [question] = scene.message.question;
    if (question === undefined || question.type !== rrtype.A) return undefined;
    const record = {
      name: question.name,
      type: rrtype.A,
      class: rrclass.IN,
      ttl: 300,
      rdata: Uint8Array.of(198, 51, 100, 1),
    };
    return { ...scene.message, answer: [record], flags: { ...scene.message.flags, rcode: rcode.NOERROR } };
  },
  "answer of another question": (scene) => {
    const donor = anyMessage(scene, (message) => message.answer.length > 0);
    return donor && asAnswerTo(scene.message, donor);
  },
  "answer of another question, renamed": renamedAnswer(
    (donor, message) => donor.question[0]?.type === message.question[0]?.type,
  ),
  "answer of the same zone, renamed": renamedAnswer(
    (donor, message) => donor.question[0]?.type === message.question[0]?.type && zoneTail(donor) === zoneTail(message),
  ),
  "wildcard taken for a name that is there": ({ message, library }) => {
    const [question] = message.question;
    const name = question === undefined ? "" : sameText(question.name);
    if (question === undefined || question.type !== rrtype.A || !name.startsWith("real.wild.")) return undefined;
    const donor = library.messages.get(`x.${name.slice("real.".length)} A`);
    if (donor === undefined) return undefined;
    const answer = donor.answer.map((record) => ({ ...record, name: question.name }));
    return asAnswerTo(message, { ...donor, answer });
  },
  "wildcard without its denial": ({ message }) =>
    message.answer.length > 0 && message.authority.length > 0 ? { ...message, authority: [] } : undefined,
  "unsigned alias put before": ({ message }) => {
    const [question] = message.question;
    if (question === undefined) return undefined;
    const alias = { name: question.name, type: rrtype.CNAME, class: rrclass.IN, ttl: 300, rdata: elsewhere };
    return { ...message, answer: [alias, ...message.answer], flags: { ...message.flags, rcode: rcode.NOERROR } };
  },
  "unsigned alias in place of all": ({ message }) => {
    const [question] = message.question;
    if (question === undefined) return undefined;
    const alias = { name: question.name, type: rrtype.CNAME, class: rrclass.IN, ttl: 300, rdata: elsewhere };
    return { ...message, answer: [alias], authority: [], flags: { ...message.flags, rcode: rcode.NOERROR } };
  },
  "alias led elsewhere": onRecord(
    ({ type }) => type === rrtype.CNAME || type === rrtype.DNAME,
    (record) => [{ ...record, rdata: elsewhere }],
  ),
  "aliases turned round": ({ message }) =>
    message.answer.some(({ type }) => type === rrtype.CNAME)
      ? {
          ...message,
          answer: message.answer
            .filter(({ type }) => type !== rrtype.DNAME)
            .toReversed()
            .slice(1),
        }
      : undefined,
};

/** What changes no data: order, case, copies, and what lies outside of the proof. The verdict stays as it was. */
export const harmlessOperators: { readonly [kind: string]: Operator } = {
  "records in another order": ({ message }) => ({
    ...message,
    answer: message.answer.toReversed(),
    authority: message.authority.toReversed(),
  }),
  "owners in capitals": ({ message }) => ({
    ...message,
    answer: message.answer.map(inCapitals),
    authority: message.authority.map(inCapitals),
  }),
  "records twice": onRecord(isData, (record) => [record, record]),
  "TTL lowered": ({ message }) => ({
    ...message,
    answer: message.answer.map(aged),
    authority: message.authority.map(aged),
  }),
  "additional section emptied": ({ message }) => ({ ...message, additional: [] }),
};

function renamedAnswer(wanted: (donor: Message, message: Message) => boolean): Operator {
  return (scene: Scene) => {
    const [question] = scene.message.question;
    const donor = anyMessage(
      scene,
      (message) => message.answer.length > 0 && message !== scene.message && wanted(message, scene.message),
    );
    if (donor === undefined || question === undefined) return undefined;
    const owner = donor.question[0]?.name ?? rootName;
    const answer = donor.answer.map((record) =>
      sameText(record.name) === sameText(owner) ? { ...record, name: question.name } : record,
    );
    return asAnswerTo(scene.message, { ...donor, answer });
  };
}

function asAnswerTo(message: Message, donor: Message): Message {
  return { ...donor, id: message.id, question: message.question };
}

// The last two labels and the one before: `bind-13-nsec.beta.`.
function zoneTail(message: Message): string {
  const [question] = message.question;
  return question === undefined ? "" : sameText(question.name).split(".").slice(-3).join(".");
}

function inCapitals(record: ResourceRecord): ResourceRecord {
  const name = nameFromText(sameText(record.name).toUpperCase());
  return name === undefined ? record : { ...record, name };
}

function aged(record: ResourceRecord): ResourceRecord {
  return { ...record, ttl: Math.min(record.ttl, 10) };
}
