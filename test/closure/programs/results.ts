export class Result {
  readonly id = 1
}

export const imported = new Result()
