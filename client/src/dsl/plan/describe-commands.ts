import type { JobSpec } from '../../compile/batch-spec.ts'
import { renderScript } from '../../model/index.ts'

/** What a job does, line by line. The folder that it knows as `BATCH_TMPDIR` is not known yet: its name stands for it. */
export function describeCommands({ detail: { task } }: JobSpec): string[] {
  switch (task.kind) {
    case 'barrier':
      return ['(barrier)']
    case 'bash':
      return renderScript(task.script, (path) => `BATCH_TMPDIR/${path}`)
        .trimEnd()
        .split('\n')
    case 'functions':
    case 'python':
      return task.calls.map(({ name }) => `calls ${name}`)
    default:
      return task satisfies never
  }
}
