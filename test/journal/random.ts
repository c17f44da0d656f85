/** Numbers from 0 to below `limit`, the same for the same seed (xorshift32 by Marsaglia). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}
