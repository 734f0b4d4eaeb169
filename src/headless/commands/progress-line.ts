import { createLogUpdate } from 'log-update'

export interface ProgressLine {
  /** `step` tells what the line is about: a new one is printed at once even where lines cannot be rewritten. */
  show: (step: string, line: string) => void
  end: () => void
}

const plainLineEveryMs = 5_000

/** One line that rewrites itself on a terminal; elsewhere, plain lines at a bearable rate. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (stream.isTTY === true) {
    const update = createLogUpdate(stream)
    return { show: (_step, line) => update(line), end: () => update.clear() }
  }
  let lastStep = ''
  let lastLineAtMs = 0
  return {
    show(step, line) {
      const nowMs = performance.now()
      if (step === lastStep && nowMs - lastLineAtMs < plainLineEveryMs) return
      lastStep = step
      lastLineAtMs = nowMs
      stream.write(`${line}\n`)
    },
    end: () => undefined,
  }
}
