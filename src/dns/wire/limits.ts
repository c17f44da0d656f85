/** Octets of a message (RFC 1035 §4.2.2: its length before it on TCP has 16 bits). */
export const messageOctetsMax = 65_535;
/** Octets of a header (RFC 1035 §4.1.1). No compression pointer may lead into it. */
export const headerOctets = 12;
/** Octets of a name with its length octets and root (RFC 1035 §2.3.4). */
export const nameOctetsMax = 255;
/** Octets of one label (RFC 1035 §2.3.4). */
export const labelOctetsMax = 63;
/** Octets of one character-string (RFC 1035 §3.3). */
export const characterStringOctetsMax = 255;
/** Pointers followed in one name: a name has at most 127 labels, so more pointers than that lead nowhere new. */
export const pointersPerNameMax = 127;
/** The last offset that a compression pointer can name (RFC 1035 §4.1.4). */
export const pointerOffsetMax = 0x3f_ff;
/** A TTL is below 2^31 (RFC 2181 §8); received with the highest bit set, it counts as 0. */
export const ttlMax = 2 ** 31 - 1;
/** The UDP payload that we offer and accept (design §10): small enough never to be fragmented. */
export const udpPayloadOctets = 1232;
