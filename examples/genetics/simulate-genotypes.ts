import { writeFile } from 'node:fs/promises'

const people = 500
const chromosomes = 22
const blocksPerChromosome = 3
const variantsPerBlock = 5
/** Blocks, as `chromosome:block`, of which each copy makes the illness likelier. */
const causal = new Set(['4:2', '11:1', '19:3'])

/** Fractions of 1, the same ones for the same seed: Tommy Ettinger's mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Writes made-up genotypes (copies of allele A, a line for each variant) and who is ill (1: no, 2: yes). The variants of
 * a block are inherited together, but for one chromosome in fifty; different blocks have nothing to do with each other.
 */
export async function simulateGenotypes(genotypesFile: string, phenotypesFile: string): Promise<void> {
  const random = randomFrom(20261126)
  const names = Array.from({ length: people }, (_, index) => `person${index + 1}`)
  const liability = names.map(() => -1.7)
  const rows: string[] = []
  for (let chromosome = 1; chromosome <= chromosomes; chromosome++)
    for (let block = 1; block <= blocksPerChromosome; block++) {
      const frequency = 0.15 + 0.25 * random()
      const haplotypes = names.map(() => [random() < frequency, random() < frequency])
      if (causal.has(`${chromosome}:${block}`))
        for (const [person, copies] of haplotypes.entries())
          liability[person] = (liability[person] ?? 0) + copies.filter(Boolean).length
      for (let variant = 1; variant <= variantsPerBlock; variant++) {
        const copies = haplotypes.map((pair) => pair.filter((allele) => allele !== random() < 0.02).length)
        const position = block * 1_000_000 + variant * 10_000
        rows.push([chromosome, position, `rs${chromosome}_${block}_${variant}`, 'A', 'G', ...copies].join('\t'))
      }
    }
  const isIll = liability.map((log) => random() < 1 / (1 + Math.exp(-log)))
  await writeFile(genotypesFile, `${['chr', 'pos', 'id', 'a1', 'a2', ...names].join('\t')}\n${rows.join('\n')}\n`)
  await writeFile(phenotypesFile, names.map((name, person) => `${name}\t${isIll[person] ? 2 : 1}\n`).join(''))
}
