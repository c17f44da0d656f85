// The script of the passkey page. It speaks to its own origin alone, and puts what it shows into the page as text.

const relyingParty = metaOf("relying-party");
const origin = metaOf("origin");

/** A sentence for the person, and nothing for a log. */
class Problem extends Error {}

let draft;
let signedFile;

at("show").addEventListener("click", () => void attempt(() => show(at("draft").value)));
at("sign").addEventListener("click", () => void attempt(sign));
at("again").addEventListener("click", () => void attempt(handIn));
at("create").addEventListener("click", () => void attempt(create));
addEventListener("hashchange", takeFragment);
takeFragment();
if (globalThis.PublicKeyCredential === undefined)
  complain("This browser has no passkeys, or does not trust this page.");
else if (location.origin !== origin)
  complain(`Passkeys count at ${origin} alone: what is signed here is refused by the controller.`);

/** A draft may come behind the `#` of a link, which browsers send to nobody. */
function takeFragment() {
  const fragment = location.hash.slice(1);
  if (fragment === "") return;
  at("draft").value = attemptNow(() => utf8Of(fromBase64Url(fragment))) ?? "";
  void attempt(() => show(at("draft").value));
}

/** Shows every member of the statement, or says why it cannot. */
function show(text) {
  forget();
  draft = readDraft(text);
  const { statement, reason } = draft;
  at("says").replaceChildren(...statement.says.map((line) => element("p", visible(line))));
  const rows = rowsOf(statement, reason);
  at("members").replaceChildren(
    ...rows.flatMap(([name, value]) => [element("dt", name), element("dd", visible(value))]),
  );
  at("statement").hidden = false;
  // oxlint-disable-next-line no-restricted-globals -- the clock and the place of whoever signs, in their browser
  const now = Date.now();
  if (now >= statement.expires) throw new Problem("By this machine's clock the statement has expired: make a new one.");
  if (now < statement.notBefore) throw new Problem("By this machine's clock the statement is not valid yet.");
}

function forget() {
  draft = undefined;
  signedFile = undefined;
  say("", "");
  at("statement").hidden = true;
  at("outcome").hidden = true;
}

/** The statement alone, or the JSON of `statement make --json` with what opens its reason. */
function readDraft(text) {
  const whole = parse(text.trim());
  const carried = typeof whole.statement === "string" ? whole : { statement: text.trim() };
  const statement = parse(carried.statement);
  // Whatever is not canonical could be signed as one thing and shown as another.
  if (!carried.statement.isWellFormed() || canonical(statement) !== carried.statement)
    throw new Problem("This is not the text that pointsman wrote: it was changed on its way.");
  const strange = Object.keys(statement).filter((name) => !members.has(name));
  const missing = [...members].filter((name) => !Object.hasOwn(statement, name));
  if (strange.length > 0 || missing.length > 0)
    throw new Problem(`This is no statement that this page can show: ${[...strange, ...missing].join(", ")}.`);
  return { text: carried.statement, statement, reason: carried.reason ?? null };
}

const members = new Set(
  "as basis by expires incident installation kind log nonce notBefore policy reason says subject terms v".split(" "),
);

function rowsOf(statement, reason) {
  const { by, as, subject, policy, log } = statement;
  const terms = Object.entries(statement.terms).map(([name, value]) => [`Term: ${name}`, termText(value)]);
  return [
    ["Act", statement.kind],
    ["Signed by", by.person],
    ["With the key", by.key],
    ["Duty", as.duty ?? "none"],
    ["In the role", as.role ?? "none"],
    ["Under", as.delegation ?? "the policy itself"],
    ["About", `${subject.type} ${subject.id}`],
    ["Its hash", subject.hash ?? "none"],
    ...(terms.length === 0 ? [["Terms", "none"]] : terms),
    ["Reason", reasonText(statement.reason, reason)],
    ["Incident", statement.incident ?? "none"],
    ["Valid from", instantText(statement.notBefore)],
    ["Valid until", instantText(statement.expires)],
    ["Policy", `version ${policy.version}, ${policy.hash}`],
    ["Journal", `${log.size} entries, ${log.root}`],
    ["Seen beside it", statement.basis ?? "nothing"],
    ["Installation", statement.installation],
    ["Nonce", statement.nonce],
    ["Form", `version ${statement.v}`],
  ];
}

function reasonText(commitment, reason) {
  if (commitment === null) return "none";
  if (reason === null) return `sealed, ${commitment}`;
  return `${utf8Of(fromBase64(reason.value))} (by the draft; sealed as ${commitment})`;
}

function termText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function instantText(ms) {
  // oxlint-disable-next-line no-restricted-globals -- the clock and the place of whoever signs, in their browser
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw new Problem("The statement holds a time that is none.");
  // oxlint-disable-next-line no-restricted-properties -- the clock and the place of whoever signs, in their browser
  return `${date.toISOString()} (here: ${date.toLocaleString()})`;
}

async function sign() {
  const { text, statement, reason } = draft;
  say("", "");
  const challenge = await sha256(text);
  const credential = await ceremony(() =>
    navigator.credentials.get({ publicKey: { challenge, rpId: relyingParty, userVerification: "preferred" } }),
  );
  const { authenticatorData, clientDataJSON, signature } = credential.response;
  const proof = {
    method: "webauthn",
    authenticatorData: toBase64(authenticatorData),
    clientData: toBase64(clientDataJSON),
    signature: toBase64(signature),
  };
  signedFile = { statement: text, proof, reason };
  at("file").textContent = JSON.stringify(signedFile);
  say(`${statement.by.person} signed. It is being handed in.`, "");
  at("outcome").hidden = false;
  await handIn();
}

/** The same statement again has its first result, so that doubt does no harm. */
async function handIn() {
  at("again").hidden = true;
  try {
    const response = await fetch("/statements", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, ...signedFile }),
      credentials: "omit",
      redirect: "error",
    });
    const { refusal, entries } = await response.json();
    if (refusal === undefined) say(`Taken. The journal has it: ${entries.map(({ type }) => type).join(", ")}.`, "good");
    else say(`Refused: ${refusal.says} ${refusal.mend} (${refusal.code})`, "bad");
  } catch {
    say("Whether the controller took it is not known. Hand it in again, or carry it by another way.", "bad");
    at("again").hidden = false;
  }
}

/** The registration is checked where it is enrolled. It is bound to the person's id, so that nobody else's is enrolled by mistake. */
async function create() {
  const person = at("person").value.trim();
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(person))
    throw new Problem("Give the id that the policy has you under, such as ana.");
  const challenge = await sha256(`passkey of ${person}`);
  const credential = await ceremony(() =>
    navigator.credentials.create({
      publicKey: {
        challenge,
        rp: { id: relyingParty, name: "Pointsman" },
        user: { id: crypto.getRandomValues(new Uint8Array(32)), name: person, displayName: person },
        pubKeyCredParams: [-8, -7].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", userVerification: "preferred" },
        attestation: "none",
      },
    }),
  );
  const { clientDataJSON, attestationObject } = credential.response;
  const registration = {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: toBase64Url(clientDataJSON), attestationObject: toBase64Url(attestationObject) },
  };
  at("registration").textContent = JSON.stringify({ v: 1, person, relyingParty, origin, registration }, undefined, 2);
  at("made").hidden = false;
}

async function ceremony(ask) {
  try {
    return await ask();
  } catch (error) {
    throw new Problem(
      error.name === "NotAllowedError"
        ? `No passkey answered: it was cancelled, it took too long, or this device has none for ${relyingParty}.`
        : `The browser refuses: ${error.message}`,
    );
  }
}

async function attempt(work) {
  at("problem").hidden = true;
  const buttons = [...document.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    complain(error instanceof Problem ? error.message : "This cannot be read as a draft that pointsman wrote.");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function attemptNow(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function complain(says) {
  at("problem").textContent = visible(says);
  at("problem").hidden = false;
}

function say(says, kind) {
  at("answer").textContent = visible(says);
  at("answer").className = kind;
}

/** Controls and marks that turn the direction of writing are spelled out: nothing may look like something else. */
function visible(text) {
  return String(text).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `[U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}

/** RFC 8785: members in the order of their UTF-16 units, without spaces. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function parse(text) {
  const value = JSON.parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Problem("This is no statement.");
  return value;
}

async function sha256(text) {
  return await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}

function toBase64(octets) {
  return btoa(Array.from(new Uint8Array(octets), (octet) => String.fromCharCode(octet)).join(""));
}

function toBase64Url(octets) {
  return toBase64(octets).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function fromBase64Url(text) {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

function utf8Of(octets) {
  return new TextDecoder("utf-8", { fatal: true }).decode(octets);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function at(id) {
  return document.getElementById(id);
}

function metaOf(name) {
  return document.querySelector(`meta[name="${name}"]`).content;
}
