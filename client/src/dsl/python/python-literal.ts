/**
 * What can be put into a Python template.
 *
 * @example `const values: PythonLiteral[] = [null, true, 3, 0.5, 10n ** 20n, "it's"]`
 */
export type PythonLiteral = null | boolean | number | bigint | string

/** Python refuses to read more decimal digits than 4300 (https://docs.python.org/3/library/stdtypes.html, 2026-11-26). */
const maxDecimalDigits = 4000

/** The value as Python's source says it, in one line; `undefined` if it is none of these values. */
export function writePythonLiteral(value: unknown): string | undefined {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number')
    return Number.isInteger(value) && !Object.is(value, -0) ? writeInteger(BigInt(value)) : writeFloat(value)
  if (typeof value === 'bigint') return writeInteger(value)
  // Every escape of JSON means the same in Python.
  if (typeof value === 'string') return JSON.stringify(value)
  return undefined
}

/** In parentheses where the sign would bind less than what follows. */
const signed = (isNegative: boolean, digits: string): string => (isNegative ? `(-${digits})` : digits)

function writeInteger(value: bigint): string {
  const size = value < 0n ? -value : value
  const decimal = String(size)
  return signed(value < 0n, decimal.length <= maxDecimalDigits ? decimal : `0x${size.toString(16)}`)
}

function writeFloat(value: number): string {
  if (Number.isNaN(value)) return "float('nan')"
  const isNegative = value < 0 || Object.is(value, -0)
  const size = Math.abs(value)
  if (size === 0) return signed(isNegative, '0.0')
  return signed(isNegative, size === Number.POSITIVE_INFINITY ? "float('inf')" : String(size))
}
