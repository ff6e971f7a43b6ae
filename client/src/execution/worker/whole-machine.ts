import { type Assignment, type JobTemplate, parseMemoryBytes, type Resources } from '../../model/index.ts'

/**
 * A job that has a machine to itself because it asked for one, and not for a part of it, may use all of that: its limits
 * are the machine's. One that is alone because workers were lost under it keeps its own.
 */
export function withWholeMachine(assignment: Assignment, { cpuMillis, memoryBytes }: Resources): Assignment {
  const { isAlone, template } = assignment
  if (isAlone !== true || !asksForMachine(template)) return assignment
  return { ...assignment, memoryBytes, template: { ...template, cpuMillis, memoryBytes } }
}

/** A machine type excludes amounts; beside accelerators the amounts that nobody set are the defaults. */
const asksForMachine = ({ machineType, accelerator, ...amounts }: JobTemplate): boolean =>
  machineType !== undefined || (accelerator !== undefined && isDefault(amounts))

const defaultCpuMillis = 1000

const isDefault = ({ cpuMillis, memoryBytes }: Pick<JobTemplate, 'cpuMillis' | 'memoryBytes'>): boolean =>
  cpuMillis === defaultCpuMillis && memoryBytes === parseMemoryBytes('standard', defaultCpuMillis)
