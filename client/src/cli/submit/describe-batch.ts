import { Batch, type JobOptions, type ServiceBackend } from '../../index.ts'
import {
  checkOutputsAwaited,
  parseCloudfuse,
  parseFile,
  parseOutput,
  parsePairs,
  type SubmitFlags,
} from './submit-flags.ts'

/** A batch of one job that runs the command. @throws InvalidBatchError naming the option that is wrong */
export function describeBatch(backend: ServiceBackend, command: readonly string[], flags: SubmitFlags): Batch {
  const outputs = flags.output.map(parseOutput)
  checkOutputsAwaited(outputs, flags.wait)
  const batch = new Batch({
    backend,
    name: flags.name,
    attributes: parsePairs('attribute', flags.attribute),
  })
  const job = batch.newJob({ ...jobOptions(flags), name: flags.name, shell: flags.shell })
  if (flags.workdir !== undefined) job.command`mkdir -p ${flags.workdir} && cd ${flags.workdir}`
  for (const { path, name } of flags.file.map(parseFile)) job.command`ln -s ${batch.readInput(path)} ${name}`
  job.command`${command}`
  for (const { name, destination } of outputs) {
    job.command`mv ${name} ${job.output(name)}`
    batch.writeOutput(job.output(name), destination)
  }
  return batch
}

/** Text is handed on as it is: the setters say what is wrong with it. */
function jobOptions(flags: SubmitFlags): JobOptions {
  const { image, cpu, memory, storage, machineType, spot, region, timeout, retry } = flags
  return {
    image,
    cpu,
    memory,
    storage,
    machineType,
    spot,
    // The setter refuses what is no duration.
    timeout: timeout as JobOptions['timeout'],
    retry,
    env: parsePairs('env', flags.env),
    regions: region.length === 0 ? undefined : region.includes('any') ? 'any' : region,
    cloudfuse: flags.cloudfuse.map(parseCloudfuse),
  }
}
