/** The method that `console.log` asks for the text to show. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom')
