import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { monotonicNowMs } from '../../shared/clock.js'
import { smiFormat } from '../../shared/nvidia/smi-line.js'
import { queryFields, readGpuLine, type SmiReading } from './nvidia-smi-output.js'

/** Where the driver is not kept loaded, it takes seconds to the first line. */
const firstLineMs = 30_000
const keptCharacters = 2_000

export interface SmiProcess {
  /** Kills it when no line has come for so long; its end is then told like any other. */
  endIfSilent(limitMs: number): void
  /** What it has said so far that was not a GPU. */
  readonly output: string
  /** Kills it; nothing is told any more. */
  abandon(): void
}

export interface SmiHandlers {
  /** What it says of a GPU. */
  onReading(reading: Exclude<SmiReading, { kind: 'words' }>): void
  /** Once, unless abandoned. */
  onEnd(end: SmiEnd): void
}

export interface SmiEnd {
  /** There is no such program. */
  absent: boolean
  /** What it said that was not a GPU. */
  output: string
}

export interface SmiOptions {
  program: string
  environment: NodeJS.ProcessEnv
  intervalMs: number
  reasonsField: string | null
}

/** Starts nvidia-smi in its loop. It ends by itself, on its next line, when this process is killed. */
export function startSmiProcess(options: SmiOptions, handlers: SmiHandlers): SmiProcess {
  const query = `--query-gpu=${queryFields(options.reasonsField)}`
  const loop = [smiFormat, '-lms', String(Math.round(options.intervalMs))]
  const child = spawn(options.program, [query, ...loop], {
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let silentUntilMs = monotonicNowMs() + firstLineMs
  let lastLineMs: number | null = null
  let output = ''
  let told = false

  const keep = (text: string): void => {
    output = (output + text).slice(-keptCharacters)
  }
  const end = (absent: boolean): void => {
    if (told) return
    told = true
    handlers.onEnd({ absent, output })
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reading = readGpuLine(line)
    if (reading.kind === 'words') {
      // A warning comes again with every turn of the loop.
      if (reading.text !== '' && !output.includes(reading.text)) keep(`${reading.text}\n`)
      return
    }
    lastLineMs = monotonicNowMs()
    if (!told) handlers.onReading(reading)
  })
  child.stderr.setEncoding('utf8').on('data', keep)
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined) return
    keep(error.message)
    end(error.code === 'ENOENT')
  })
  child.on('close', () => end(false))

  return {
    get output() {
      return output
    },
    endIfSilent(limitMs) {
      if (lastLineMs !== null) silentUntilMs = lastLineMs + limitMs
      if (monotonicNowMs() > silentUntilMs) child.kill('SIGKILL')
    },
    abandon() {
      told = true
      child.kill('SIGKILL')
    },
  }
}
