import { expect, test } from 'vitest'
import { confirm } from '../../client/src/cli/confirm.ts'

const question = { text: 'This changes my-project.', expected: 'my-project', isAnswered: false }

function person(answer: string | undefined) {
  const heard: string[] = []
  const ask = async (text: string) => {
    heard.push(text)
    return answer ?? ''
  }
  return {
    heard,
    terminal: { ask: answer === undefined ? undefined : ask, say: (text: string) => void heard.push(text) },
  }
}

test('only the expected word is a yes', async () => {
  const { heard, terminal } = person('my-project \n')
  expect(await confirm(terminal, question)).toBe(true)
  expect(heard).toEqual(['This changes my-project. Type my-project to go on: '])
  expect(await confirm(person('yes').terminal, question)).toBe(false)
  expect(await confirm(person('').terminal, question)).toBe(false)
})

test('where nobody can be asked it is a no that says what to do', async () => {
  const { heard, terminal } = person(undefined)
  expect(await confirm(terminal, question)).toBe(false)
  expect(heard).toEqual(['Nothing is done: there is no terminal to ask; add --yes to go on without a question'])
})

test('who has answered already is not asked', async () => {
  const { heard, terminal } = person('no')
  expect(await confirm(terminal, { ...question, isAnswered: true })).toBe(true)
  expect(heard).toEqual([])
})
