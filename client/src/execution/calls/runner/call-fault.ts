/** Ends the calls with a sentence for the user; where it comes from in this program does not matter to him. */
export class CallFault extends Error {
  override readonly name = 'CallFault'
}
