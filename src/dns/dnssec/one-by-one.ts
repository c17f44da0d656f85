/** Does one piece of work after the other, in the order in which they are handed in. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  /** Rejects as the work does; the next begins all the same. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result;
    return result;
  }
}
