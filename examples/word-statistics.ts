// The demo: word statistics over the README of every package in node_modules. Scatter, a pipeline for each part, a
// tree of merges, outputs. `npm run demo`; the same on the service: `npx graupel emulate -- npm run demo`.
import { glob, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Batch, type ResourceFile } from 'graupel'
import { exampleArguments } from './example-arguments.ts'

const { backend, output } = exampleArguments('word-statistics')
const parts = 24
const mergedAtOnce = 4

const readmes = await findReadmes(600)
console.log(`${readmes.length} READMEs in ${parts} parts`)

const batch = new Batch({ name: 'word-statistics', backend })

const counts = Array.from({ length: parts }, (_, part) => {
  const files = readmes.filter((__, index) => index % parts === part).map((path) => batch.readInput(path))
  const job = batch.newJob({ name: `count-${part}`, outputs: ['counts'] })
  job.command`cat ${files} | tr -cs 'A-Za-z' '\n' | tr 'A-Z' 'a-z' | sort | uniq -c | awk 'length($2) > 3 { print $2, $1 }' > ${job.out.counts}`
  return job.out.counts
})

const total = merge(counts, 1)
const top = batch.newJob({ name: 'top', outputs: ['words'] })
top.command`sort -k2,2nr -k1,1 ${total} | head -n 10 > ${top.out.words}`

batch.writeOutput(total, `${output}/words.txt`)
batch.writeOutput(top.out.words, `${output}/top.txt`)

const run = await batch.run({ progress: true })
const { state, durationMs } = await run.status()
console.log(`${state} in ${((durationMs ?? 0) / 1000).toFixed(1)} s; the most frequent words:`)
console.log(await readFile(`${output}/top.txt`, 'utf8'))
console.log(`All words: ${resolve(output, 'words.txt')}`)
await backend.close()

/** Merges sorted counts, a few at a time, until one file is left. */
function merge(files: readonly ResourceFile[], level: number): ResourceFile {
  const [first] = files
  if (first === undefined) throw new Error('there is nothing to merge')
  if (files.length === 1) return first
  const merged: ResourceFile[] = []
  for (let start = 0; start < files.length; start += mergedAtOnce) {
    const job = batch.newJob({ name: `merge-${level}-${start / mergedAtOnce}`, outputs: ['counts'] })
    job.command`cat ${files.slice(start, start + mergedAtOnce)} | awk '{ sum[$1] += $2 } END { for (word in sum) print word, sum[word] }' | sort > ${job.out.counts}`
    merged.push(job.out.counts)
  }
  return merge(merged, level + 1)
}

async function findReadmes(limit: number): Promise<string[]> {
  const found: string[] = []
  for await (const path of glob('node_modules/**/{README,readme}.md')) found.push(path)
  return found.sort().slice(0, limit)
}
