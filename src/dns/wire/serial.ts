/** Half of the serial space: at this distance RFC 1982 §3.2 leaves the order undefined. */
const half = 2 ** 31;

/**
 * Which of two SOA serials is newer (RFC 1982 §3.2): negative when `a` is older, zero when equal, positive when newer;
 * `undefined` exactly half the space apart, where no order is defined.
 */
export function serialCompare(a: number, b: number): number | undefined {
  const distance = (a - b) >>> 0;
  if (distance === half) return undefined;
  return distance < half ? distance : distance - 2 * half;
}
