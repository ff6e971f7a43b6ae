import { type BashJob, Batch, InvalidBatchError } from 'graupel'
import { expect, test } from 'vitest'
import { newJob, scriptOf } from './script-of.ts'

const value = 'a b'
const places: readonly (readonly [string, (job: BashJob) => unknown, RegExp])[] = [
  [
    'in a heredoc',
    (j) => j.command`cat <<END
${value}
END`,
    /in a heredoc; use printf '%s\\n' with the value, or env\(\)/,
  ],
  [
    'in a quoted heredoc',
    (j) => j.command`cat <<-'END'
	END x
	${value}
	END`,
    /in a heredoc/,
  ],
  ['as the end of a heredoc', (j) => j.command`cat <<${value}`, /as the word that ends a heredoc; write a fixed word/],
  ['in backticks', (j) => j.command`echo \`echo ${value}\``, /in backticks; use \$\(…\) instead/],
  ["in $'…'", (j) => j.command`echo $'${value}'`, /in \$'…'; use '…' or "…" instead/],
  ['after a dollar', (j) => j.command`echo $${value}`, /right after a \$; write \\\\\$ for a dollar sign/],
  [
    'in a quoted pattern',
    (j) => j.command`echo "\${x#${value}}"`,
    /quoted, or in a pattern, within "\$\{…\}"; put it into a variable/,
  ],
  ['in quotes in a quoted default', (j) => j.command`echo "\${x:-"${value}"}"`, /quoted, or in a pattern/],
  ['in single quotes in a quoted pattern', (j) => j.command`echo "\${x%'${value}'}"`, /quoted, or in a pattern/],
  [
    'between apostrophes in a quoted default',
    (j) => j.command`echo "\${x:-'${value}'}"`,
    /between apostrophes in "\$\{…\}"; leave the apost/,
  ],
  [
    'after a variable in a quoted default',
    (j) => j.command`echo "\${x:-$y${value}}"`,
    /right after the name of a variable; write the/,
  ],
  ['in a replacement', (j) => j.command`echo \${x/a/${value}}`, /here in \$\{…\}; put it into a variable first/],
  ['in the name of a variable', (j) => j.command`echo \${${value}}`, /here in \$\{…\}/],
  [
    'in arithmetic, if it is no number',
    (j) => j.command`echo $((1 + ${value}))`,
    /in shell arithmetic: "a b"; only whole numbers/,
  ],
  ['in an index, if it is no number', (j) => j.command`echo "\${x[${value}]}"`, /in shell arithmetic: "a b"/],
]

test.each(places)('a value %s is refused', (_, write, message) => {
  expect(() => write(newJob())).toThrow(InvalidBatchError)
  expect(() => write(newJob())).toThrow(message)
  expect(() => write(newJob())).toThrow(/^Job 'x' has a value in its command /)
})

test('a value right after a backslash is refused', () => {
  const withBackslash = Object.assign(['echo \\', ''], { raw: ['echo \\', ''] })
  expect(() => newJob().command(withBackslash, value)).toThrow(
    "Job 'x' has a value in its command right after a backslash; put the backslash into the value, or leave it out.",
  )
})

test('whole numbers stand in arithmetic as they are, negative ones in parentheses', () => {
  const job = newJob()
    .command`echo $((${3} - ${-2} + ${10n})) "\${x[${1}]}" \${x:${2}}; for ((i=0; i<${4}; i++)); do :; done`
  expect(scriptOf(job)).toBe(`echo $((3 - (-2) + 10)) "\${x[1]}" \${x:2}; for ((i=0; i<4; i++)); do :; done\n`)
})

test('a file in arithmetic is refused', () => {
  const batch = new Batch()
  const job = batch.newJob({ name: 'x' })
  expect(() => job.command`echo $((${batch.readInput('/a')}))`).toThrow(
    "Job 'x' has a file in its command in shell arithmetic; only whole numbers can stand there.",
  )
})

test('a file in a heredoc is its path as it is, in backticks it is refused', () => {
  const batch = new Batch()
  const file = batch.readInput('/a')
  const job = batch.newJob({ name: 'x' }).command`cat <<END
${file}
END
echo ${'v'}`
  expect(scriptOf(job, "/it's")).toBe("cat <<END\n/it's/inputs/1/a\nEND\necho 'v'\n")
  expect(() => job.command`echo \`cat ${file}\``).toThrow(/Job 'x' has a file in its command in backticks/)
})

test('a value in a comment cannot end the comment', () => {
  expect(scriptOf(newJob().command`true # ${'a\nb'}`)).toBe('true # a b\n')
})
