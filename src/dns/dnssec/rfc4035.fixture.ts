import type { PrintedResponse } from "./recorded.fixture.ts";

// RFC 4035 appendix A, as far as appendix B uses it: RSA/SHA-1, signed for a month of 2004. Octets as printed.

const signature = (owner: string, type: string, labels: number, octets: string, tag = 38_519): string =>
  `${owner} 3600 RRSIG ${type} 5 ${labels} 3600 20040509183619 20040409183619 ${tag} example. ${octets}`;

const keySigningKey = `example. 3600 DNSKEY 257 3 5 AQOeX7+baTmvpVHb2CcLnL1dMRWbuscRvHXlLnXwDzvqp4tZVKp1sZMepFb8MvxhhW3y/0QZ
  syCjczGJ1qk8vJe52iOhInKROVLRwxGpMfzPRLMlGybr51bOV/1se0ODacj3DomyB4QB5gKTYot/K9alk5/j8vfd4jWCWD+E1Sze0Q==`;

/** The key-signing key, tag 9465, as a trust anchor. */
export const anchor4035 = keySigningKey.replaceAll(/\s+/g, " ").replace(" 3600 ", " IN ");

const dnskey = [
  `example. 3600 DNSKEY 256 3 5 AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EFMcsGXxKciJFH
    yhl94C+NwILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==`,
  keySigningKey,
  signature(
    "example.",
    "DNSKEY",
    1,
    `ZxgauAuIj+k1YoVEOSlZfx41fcmKzTFHoweZxYnz99JVQZJ33wFS0Q0jcP7VXKkaElXk9nYJXevO/7nAbo88iWsMkSpSR6jWzYYKwfrBI/L9
     hjYmyVO9m6FjQ7uwM4dCP/bIuV/DKqOAK9NYNC3AHfvCV1Tp4VKDqxqG7R5tTVM=`,
    9465,
  ),
  signature(
    "example.",
    "DNSKEY",
    1,
    `eGL0s90glUqcOmloo/2y+bSzyEfKVOQViD9ZDNhLz/Yn9CQZlDVRJffACQDAUhXpU/oP34ribKBpysRXosczFrKqS5Oa0bzMOfXCXup9qHAp
     eFIku28Vqfr8Nt7cigZLxjK+u0Ws/4lIRjKk7z5OXogYVaFzHKillDt3HRxHIZM=`,
  ),
];

const soa = [
  "example. 3600 SOA ns1.example. bugs.x.w.example. 1081539377 3600 300 3600000 3600",
  signature(
    "example.",
    "SOA",
    1,
    `ONx0k36rcjaxYtcNgq6iQnpNV5+drqYAsC9h7TSJaHCqbhE67Sr6aH2xDUGcqQWu/n0UVzrFvkgO9ebarZ0GWDKcuwlM6eNB5SiX2K74l5LW
     DA7S/Un/IbtDq4Ay8NMNLQI7Dw7n4p8/rjkBjV7j86HyQgM5e7+miRAz8V01b0I=`,
  ),
];

const ns = [
  "example. 3600 NS ns1.example.",
  "example. 3600 NS ns2.example.",
  signature(
    "example.",
    "NS",
    1,
    `gl13F00f2U0R+SWiXXLHwsMY+qStYy5k6zfdEuivWc+wd1fmbNCyql0Tk7lHTX6UOxc8AgNf4ISFve8XqF4q+o9qlnqIzmppU3LiNeKT4FZ8
     RO5urFOvoMRTbQxW3U0hXWuggE4g3ZpsHv480HjMeRaZB/FRPGfJPajngcq6Kwg=`,
  ),
];

const apexNsec = [
  "example. 3600 NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY",
  signature(
    "example.",
    "NSEC",
    1,
    `O0k558jHhyrC97ISHnislm4kLMW48C7U7cBmFTfhke5iVqNRVTB1STLMpgpbDIC9hcryoO0VZ9ME5xPzUEhbvGnHd5sfzgFVeGxr5Nyyq4tW
     SDBgIBiLQUv1ivy29vhXy7WgR62dPrZ0PWvmjfFJ5arXf4nPxp/kEowGgBRzY/U=`,
  ),
];

const bNsec = [
  "b.example. 3600 NSEC ns1.example. NS RRSIG NSEC",
  signature(
    "b.example.",
    "NSEC",
    2,
    `GNuxHn844wfmUhPzGWKJCPY5ttEX/RfjDoOx9ueK1PtYkOWKOOdiJ/PJKCYB3hYX+858dDWSxb2qnV/LSTCNVBnkm6owOpysY97MVj5VQEWs
     0lm9tFoqjcptQkmQKYPrwUnCSNwvvclSF1xZvhRXgWT7OuFXldoCG6TfVFMs9xE=`,
  ),
];

const ns1Nsec = [
  "ns1.example. 3600 NSEC ns2.example. A RRSIG NSEC",
  signature(
    "ns1.example.",
    "NSEC",
    2,
    `I4hj+Kt6+8rCcHcUdolks2S+Wzri9h3fHas81rGN/eILdJHN7JpV6lLGPIh/8fIBkfvdyWnBjjf1q3O7JgYO1UdI7FvBNWqaaEPJK3UkddBq
     ZIaLi8Qr2XHkjq38BeQsbp8X0+6h4ETWSGT8IZaIGBLryQWGLw6Y6X8dqhlnxJM=`,
  ),
];

const xywNsec = [
  "x.y.w.example. 3600 NSEC xx.example. MX RRSIG NSEC",
  signature(
    "x.y.w.example.",
    "NSEC",
    4,
    `OvE6WUzN2ziieJcvKPWbCAyXyP6ef8cr6CspArVSTzKSquNwbezZmkU7E34o5lmb6CWSSSpgxw098kNUFnHcQf/LzY2zqRomubrNQhJTiDTX
     a0ArunJQCzPjOYq5t0SLjm6qp6McJI1AP5VrQoKqJDCLnoAlcPOPKAm/jJkn3jk=`,
  ),
];

const wildcardNsec = [
  "*.w.example. 3600 NSEC x.w.example. MX RRSIG NSEC",
  signature(
    "*.w.example.",
    "NSEC",
    2,
    `r/mZnRC3I/VIcrelgIcteSxDhtsdlTDt8ng9HSBlABOlzLxQtfgTnn8f+aOwJIAFe1Ee5RvU5cVhQJNP5XpXMJHfyps8tVvfxSAXfahpYqtx
     91gsmcV/1V9/bZAG55CefP9cM4Z9Y9NT9XQ8s1InQ2UoIv6tJEaaKkP701j8OLA=`,
  ),
];

const aDs = [
  "a.example. 3600 DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B",
  signature(
    "a.example.",
    "DS",
    2,
    `oXIKit/QtdG64J/CB+Gi8dOvnwRvqrto1AdQoRkAN15FP3iZ7suB7gvTBmXzCjL7XUgQVcoHkdhyCuzp8W9qJHgRUSwKKkczSyuL64nhgjuD
     EML8l9wlWVsl7PR2VnZduM9bLyBhaaPmRKX/Fm+v6ccF2EGNLRiY08kdkz+XHHo=`,
  ),
];

const xwMx = [
  "x.w.example. 3600 MX 1 xx.example.",
  signature(
    "x.w.example.",
    "MX",
    3,
    `Il2WTZ+Bkv+OytBx4LItNW5mjB4RCwhOO8y1XzPHZmZUTVYL7LaA63f6T9ysVBzJRI3KRjAPH3U1qaYnDoN1DrWqmi9RJe4FoObkbcdm7P3I
     kx70ePCoFgRz1Yq+bVVXCvGuAU4xALv3W/Y1jNSlwZ2mSWKHfxFQxPtLj8s32+k=`,
  ),
];

const azwMx = [
  "a.z.w.example. 3600 MX 1 ai.example.",
  signature(
    "a.z.w.example.",
    "MX",
    2,
    `OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2X
     TjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR34i8lC36SR5xBni8vHI=`,
  ),
];

const nxdomain = 3;

/** Appendix B by its sections; and what the same server answers for a delegation's DS, and for the keys. */
export const printed4035 = {
  keys: { answer: dnskey },
  b1: { answer: xwMx, authority: ns },
  b2: { rcode: nxdomain, authority: [...soa, ...bNsec, ...apexNsec] },
  b3: { authority: [...soa, ...ns1Nsec] },
  b4: { aa: null, authority: ["a.example. 3600 NS ns1.a.example.", "a.example. 3600 NS ns2.a.example.", ...aDs] },
  dsOfB4: { answer: aDs },
  b5: { aa: null, authority: ["b.example. 3600 NS ns1.b.example.", "b.example. 3600 NS ns2.b.example.", ...bNsec] },
  dsOfB5: { authority: [...soa, ...bNsec] },
  b6: { answer: azwMx, authority: [...ns, ...xywNsec] },
  b7: { authority: [...soa, ...xywNsec, ...wildcardNsec] },
  b8: { authority: [...soa, ...apexNsec] },
} as const satisfies Readonly<Record<string, PrintedResponse>>;
