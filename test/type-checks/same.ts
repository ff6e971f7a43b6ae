type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** `is<A>()(value)` compiles only if the value's type is exactly `A`. */
export const is =
  <A>() =>
  <B>(_: B, ..._same: Same<A, B> extends true ? [] : [never]): void => {}
