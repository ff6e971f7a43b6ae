import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PLINK 1.9 on this machine, by the name it has here; or why its tests are skipped, which is an error where CI is. */
export async function findPlink(): Promise<{ readonly program: string | undefined }> {
  for (const program of ['plink1.9', 'plink']) {
    const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }))
    if (/PLINK v1\.9/.test(stdout)) return { program }
  }
  const reason = 'plink 1.9 (Debian: plink1.9) is not installed'
  if (process.env.CI === 'true') throw new Error(reason)
  console.log(`tests of plink are skipped: ${reason}`)
  return { program: undefined }
}

/** Two bits a sample, the first sample lowest: how many copies of the first allele of the .bim a sample has. */
const codes = { 2: 0b00, 1: 0b10, 0: 0b11 } as const
export type Copies = keyof typeof codes

export interface Genotypes {
  readonly chromosome: number
  readonly samples: readonly string[]
  /** By variant, in the order of the samples. */
  readonly variants: Readonly<Record<string, readonly Copies[]>>
}

/** Writes `root.bed`, `root.bim` and `root.fam`, variant by variant: https://www.cog-genomics.org/plink/1.9/formats#bed (2026-11) */
export async function writeGenotypes(root: string, { chromosome, samples, variants }: Genotypes): Promise<void> {
  const rows = Object.values(variants).map((copies) => {
    const row = new Uint8Array(Math.ceil(copies.length / 4))
    for (const [index, copy] of copies.entries())
      row[index >> 2] = (row[index >> 2] ?? 0) | (codes[copy] << (2 * (index % 4)))
    return row
  })
  await writeFile(`${root}.bed`, Buffer.concat([Uint8Array.of(0x6c, 0x1b, 0x01), ...rows]))
  const lines = Object.keys(variants).map((name, index) => `${chromosome}\t${name}\t0\t${(index + 1) * 1000}\tA\tG\n`)
  await writeFile(`${root}.bim`, lines.join(''))
  await writeFile(`${root}.fam`, samples.map((sample) => `${sample}\t${sample}\t0\t0\t1\t-9\n`).join(''))
}
