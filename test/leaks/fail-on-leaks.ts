import { afterAll, beforeAll } from 'vitest'
import { type Counts, countActive, listExcess } from './active-resources.ts'

// Kept before a test can replace them by fake ones.
const { setTimeout, performance } = globalThis

/** What was told to end may still be ending. */
const graceMs = 5000
const pauseMs = 20

const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs))

let before: Counts = new Map()

// Both counts are taken in a hook, so that the timer with which the runner watches a hook is in both.
beforeAll(async () => {
  await pause()
  before = countActive()
})

afterAll(async () => {
  const deadline = performance.now() + graceMs
  let excess = listExcess(before, countActive())
  while (excess.length > 0 && performance.now() < deadline) {
    await pause()
    excess = listExcess(before, countActive())
  }
  if (excess.length === 0) return
  throw new Error(
    `this test file leaves behind ${excess.join(', ')}: end them in the test or in afterEach (close, kill, clearTimeout)`,
  )
}, 2 * graceMs)
