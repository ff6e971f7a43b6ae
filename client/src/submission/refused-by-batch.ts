import { InvalidBatchError } from '../errors/invalid-batch-error.ts'

/** The jobs could be run, but the batch that they are for does not take them: it is another one, or at its end. */
export class RefusedByBatch extends InvalidBatchError {}
