import type { Readable } from 'node:stream'
import type { UtilityProcess } from 'electron'

export interface ChildOutput {
  /** Everything that was written has been read. */
  isOver(): boolean
  /** Goes on reading after the child's `exit`, for which Electron takes all listeners off its pipes. */
  resume(): void
}

/**
 * Reads what a utility process prints, all the time: a pipe that nobody reads blocks whoever writes to it, native
 * code included.
 *
 * @param onEnd called when one of its streams has ended
 */
export function readOutput(
  { stdout, stderr }: UtilityProcess,
  onText: (text: string) => void,
  onEnd: () => void,
): ChildOutput {
  const streams = [stdout, stderr].filter((stream) => stream !== null) as Readable[]
  const listen = (stream: Readable): void => {
    stream.on('data', onText)
    stream.once('end', onEnd)
  }
  for (const stream of streams) listen(stream.setEncoding('utf8'))
  return {
    isOver: () => streams.every(({ readableEnded }) => readableEnded),
    resume() {
      for (const stream of streams) if (stream.listenerCount('data') === 0) listen(stream)
    },
  }
}
