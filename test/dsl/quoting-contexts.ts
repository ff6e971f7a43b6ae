import type { BashJob, Interpolation } from 'graupel'

/** A place for a value, and what one `printf` prints that has it there. */
export interface Context {
  readonly title: string
  readonly write: (job: BashJob, value: Interpolation) => unknown
  /** Default: the value. */
  readonly expected?: (value: string) => string
  /** Only bash has it, or POSIX leaves it open. */
  readonly isBashOnly?: boolean
}

const dotted = (value: string) => `${value}.`

/** Every place in a command where a value may stand; each command prints one text that ends with a zero byte. */
export const contexts: readonly Context[] = [
  { title: 'as a word', write: (job, v) => job.command`printf '%s\0' ${v}` },
  { title: 'in a word', write: (job, v) => job.command`printf '%s\0' --x=${v}y`, expected: (v) => `--x=${v}y` },
  { title: 'before a redirection', write: (job, v) => job.command`printf '%s\0' ${v}>&1` },
  { title: 'in double quotes', write: (job, v) => job.command`printf '%s\0' "<${v}>"`, expected: (v) => `<${v}>` },
  { title: 'in single quotes', write: (job, v) => job.command`printf '%s\0' '<${v}>'`, expected: (v) => `<${v}>` },
  {
    title: 'after a variable in double quotes',
    write: (job, v) => job.command`word=w; printf '%s\0' "$word${v}"`,
    expected: (v) => `w${v}`,
  },
  {
    title: 'after a dollar in double quotes',
    write: (job, v) => job.command`printf '%s\0' "$${v}"`,
    expected: (v) => `$${v}`,
  },
  {
    title: 'after a variable as a word',
    write: (job, v) => job.command`word=w; printf '%s\0' $word${v}`,
    expected: (v) => `w${v}`,
  },
  { title: 'in an assignment', write: (job, v) => job.command`x=${v}; printf '%s\0' "$x"` },
  { title: 'in a substitution', write: (job, v) => job.command`printf '%s\0' "$(printf %s. ${v})"`, expected: dotted },
  {
    title: 'in double quotes in a substitution',
    write: (job, v) => job.command`printf '%s\0' "$(printf %s. "${v}")"`,
    expected: dotted,
  },
  {
    title: 'in single quotes in a substitution',
    write: (job, v) => job.command`printf '%s\0' "$(printf %s. '${v}')"`,
    expected: dotted,
  },
  {
    title: 'in a substitution in a substitution',
    write: (job, v) => job.command`x=$(printf %s. "$(printf %s. "a"${v})"); printf '%s\0' "$x"`,
    expected: (v) => `a${v}..`,
  },
  {
    title: 'in a case in a substitution',
    write: (job, v) => job.command`printf '%s\0' "$(case a in b) ;; a) printf %s. ${v};; esac)"`,
    expected: dotted,
  },
  { title: 'in a subshell', write: (job, v) => job.command`(: "it's" ; (printf '%s\0' ${v}))` },
  {
    title: 'after an escaped quote',
    write: (job, v) => job.command`printf '%s\0' \'${v}\"`,
    expected: (v) => `'${v}"`,
  },
  {
    title: 'after a comment',
    write: (job, v) => job.command`: # don't "
    printf '%s\0' ${v}`,
  },
  { title: 'after a word with a #', write: (job, v) => job.command`: a#'b'; printf '%s\0' ${v}` },
  {
    title: 'after a heredoc',
    write: (job, v) => job.command`cat > /dev/null <<'END' ; : "it's"
it's "not quoted
END
printf '%s\0' "${v}"`,
  },
  {
    title: 'after two heredocs',
    write: (job, v) => job.command`cat > /dev/null <<ONE <<-TWO
it's
ONE
	"
	TWO
printf '%s\0' ${v}`,
  },
  { title: 'after arithmetic', write: (job, v) => job.command`: $((1 << 2)) $(( (1 + 2) * 3 )); printf '%s\0' ${v}` },
  { title: 'after an expansion', write: (job, v) => job.command`x=1; : \${#x} "\$" $# $$; printf '%s\0' ${v}` },
  { title: 'as a default in quotes', write: (job, v) => job.command`printf '%s\0' "\${unset:-${v}}"` },
  {
    title: 'in a default in quotes',
    write: (job, v) => job.command`printf '%s\0' "\${unset-it is ${v}}"`,
    expected: (v) => `it is ${v}`,
  },
  { title: 'as a default', write: (job, v) => job.command`printf '%s\0' \${unset:-${v}}` },
  { title: 'in quotes in a default', write: (job, v) => job.command`printf '%s\0' \${unset:-"${v}"}` },
  {
    title: 'in single quotes in a default',
    write: (job, v) => job.command`printf '%s\0' \${unset:-'${v}'}`,
  },
  {
    title: 'as a prefix to remove',
    write: (job, v) => job.command`x=${v}; x=$x.end; x=\${x#${v}}; printf '%s\0' "$x"`,
    expected: () => '.end',
  },
  {
    title: 'as a suffix to remove',
    write: (job, v) => job.command`x=start.${v}; printf '%s\0' \${x%%${v}}`,
    expected: () => 'start.',
  },
  {
    title: 'in a here-string',
    write: (job, v) => job.command`x=$(cat <<<${v}; echo .); printf '%s\0' "$x"`,
    expected: (v) => `${v}\n.`,
    isBashOnly: true,
  },
  {
    title: 'in an array',
    write: (job, v) => job.command`x=(a ${v} 'b'); printf '%s\0' "\${x[1]}"`,
    isBashOnly: true,
  },
  {
    title: 'after arithmetic commands',
    write: (job, v) => job.command`for ((i=0; i<1; i++)); do printf '%s\0' ${v}; done; ((i << 1))`,
    isBashOnly: true,
  },
  { title: 'in a process substitution', write: (job, v) => job.command`cat <(printf '%s\0' ${v})`, isBashOnly: true },
  {
    title: 'in a test',
    write: (job, v) => job.command`[[ ${v} == "${v}" && ${v} =~ ^(.*)$ ]]; printf '%s\0' ${v}`,
    isBashOnly: true,
  },
]
