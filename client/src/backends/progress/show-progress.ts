import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import type { BatchId } from '../../model/index.ts'
import type { Home } from '../home.ts'
import { ProgressFollower } from './follow-progress.ts'
import { renderPlainProgress, renderProgress } from './render-progress.ts'

const frameMs = 100
const plainMs = 2_000

/** Where progress is shown: stderr, or what a test puts in its place. */
export type ProgressStream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/**
 * Shows how a batch gets on until `stop` is called: a block that is drawn again in place on a terminal, elsewhere a line
 * when something has changed and 2 seconds have passed.
 *
 * @returns stop, which leaves the last picture standing
 */
export function showProgress(home: Home, batch: BatchId, name: string | undefined, stream: ProgressStream): () => void {
  const follower = new ProgressFollower(home, batch, name)
  const show = stream.isTTY === true ? showBlock(follower, stream) : showLines(follower, stream)
  return () => {
    follower.stop()
    show.stop()
  }
}

interface Display {
  stop(): void
}

function showBlock(follower: ProgressFollower, stream: ProgressStream): Display {
  const update = createLogUpdate(stream)
  const draw = () => update(renderProgress(follower.current(), stream.columns ?? 80))
  const timer = setInterval(draw, frameMs).unref()
  return {
    stop: () => {
      clearInterval(timer)
      draw()
      update.done()
    },
  }
}

function showLines(follower: ProgressFollower, stream: ProgressStream): Display {
  const write = () => {
    if (follower.takeNews()) stream.write(`${renderPlainProgress(follower.current())}\n`)
  }
  const timer = setInterval(write, plainMs).unref()
  return {
    stop: () => {
      clearInterval(timer)
      write()
    },
  }
}
