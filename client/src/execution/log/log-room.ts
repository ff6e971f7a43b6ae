const mebibyte = 2 ** 20

/** A piece is stored when it has grown to this. */
export const maxPieceBytes = 8 * mebibyte

/** When the logs of a worker hold this much together, each is stored when it has grown to `crowdedPieceBytes`. */
const crowdedFromBytes = 64 * mebibyte
const crowdedPieceBytes = mebibyte

/** What the logs of one worker hold in memory, printed and not yet stored. It bounds what a slow store can do. */
export class LogRoom {
  #heldBytes = 0

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** From here on a log must wait until it is stored. */
  get pieceBytes(): number {
    return this.#heldBytes >= crowdedFromBytes ? crowdedPieceBytes : maxPieceBytes
  }

  take(bytes: number): void {
    this.#heldBytes += bytes
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes
  }
}
