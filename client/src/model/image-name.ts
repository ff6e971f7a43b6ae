// The grammar of https://pkg.go.dev/github.com/distribution/reference (2026-11).
const host = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])`
const domain = String.raw`(?:${host}(?::\d+)?/)?`
const component = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`
const path = `${component}(?:/${component})*`
const tag = String.raw`(?::\w[\w.-]{0,127})?`
const digest = '(?:@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,})?'

const tagged = new RegExp(`^${domain}${path}${tag}$`)
const pinned = new RegExp(`^${domain}${path}${tag}${digest}$`)

/** Whether an image can be given this name. */
export const isImageName = (name: unknown): name is string => typeof name === 'string' && tagged.test(name)

/** Whether an image can be found by this name: perhaps by its digest too. */
export const isImageReference = (name: unknown): name is string => typeof name === 'string' && pinned.test(name)
