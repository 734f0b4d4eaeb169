/** A set-up step that cannot go on: what happened, and what to do about it. */
export class SetUpError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(message)
    this.hint = hint
  }
}
