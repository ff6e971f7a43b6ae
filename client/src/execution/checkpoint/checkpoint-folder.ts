/** Below the root of a job's files, where no job and no input has this name. */
export const checkpointFolder = 'checkpoint'

/** What tells the commands where it is. */
export const checkpointVariable = 'GRAUPEL_CHECKPOINT_DIR'
