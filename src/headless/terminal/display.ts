import { createLogUpdate } from 'log-update'
import { createColors } from 'picocolors'

export type Colors = ReturnType<typeof createColors>

/** Lines that stay, and one that is rewritten while something is going on. */
export interface Display {
  readonly colors: Colors
  line(text: string): void
  /** Shown until the next one. Off a terminal only now and then, so that a log stays readable. */
  status(text: string): void
  /** Removes the status and leaves the lines. */
  end(): void
}

export interface OutputStream extends NodeJS.WritableStream {
  isTTY?: boolean
}

const plainStatusEveryMs = 5_000
const liveStatusEveryMs = 100

/** For a person watching a terminal, or for a pipe, a file or a CI log. */
export function createDisplay(stream: OutputStream, environment: NodeJS.ProcessEnv): Display {
  const onTerminal = stream.isTTY === true && environment.TERM !== 'dumb'
  const noColor = environment.NO_COLOR !== undefined && environment.NO_COLOR !== ''
  const colors = createColors(onTerminal && !noColor)
  return onTerminal && !environment.CI ? liveDisplay(stream, colors) : plainDisplay(stream, colors)
}

function liveDisplay(stream: OutputStream, colors: Colors): Display {
  const update = createLogUpdate(stream as NodeJS.WriteStream)
  let shownAtMs = Number.NEGATIVE_INFINITY
  return {
    colors,
    line: (text) => {
      update.clear()
      stream.write(`${text}\n`)
      shownAtMs = Number.NEGATIVE_INFINITY
    },
    status: (text) => {
      const nowMs = performance.now()
      if (nowMs - shownAtMs < liveStatusEveryMs) return
      shownAtMs = nowMs
      update(colors.dim(text))
    },
    end: () => {
      update.clear()
      // Also shows the cursor again, which `update` hides.
      update.done()
    },
  }
}

function plainDisplay(stream: OutputStream, colors: Colors): Display {
  let shownAtMs = performance.now()
  return {
    colors,
    line: (text) => void stream.write(`${text}\n`),
    status: (text) => {
      const nowMs = performance.now()
      if (nowMs - shownAtMs < plainStatusEveryMs) return
      shownAtMs = nowMs
      stream.write(`${text}\n`)
    },
    end: () => undefined,
  }
}
