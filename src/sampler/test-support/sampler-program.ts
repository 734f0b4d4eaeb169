import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  type FromSampler,
  fromSamplerSchema,
  type TelemetrySample,
  type ToSampler,
} from '../../shared/child/telemetry.js'

type Ready = Extract<FromSampler, { type: 'ready' }>

/** A sampler process, the real program. Everything that it says is validated. */
export interface SamplerProgram {
  readonly process: ChildProcess
  readonly ready: Promise<Ready>
  send(message: ToSampler): void
  /** The first sample from now on that is like this; rejects if the program ends before, with what it printed. */
  sampleWhere(fits: (sample: TelemetrySample) => boolean): Promise<TelemetrySample>
  /** Its exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>
}

/** Starts the built program at `path` under the Node at `node`, with samples every 50 ms. */
export function startSampler(node: string, path: string, environment: NodeJS.ProcessEnv): SamplerProgram {
  const child = fork(path, {
    execPath: node,
    env: environment,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const listeners = new Set<{ hear(message: FromSampler): void; end(error: Error): void }>()
  let printed = ''
  child.stderr?.on('data', (text) => {
    printed = (printed + text).slice(-2_000)
  })
  child.on('message', (raw) => {
    const message = fromSamplerSchema.parse(raw)
    for (const listener of [...listeners]) listener.hear(message)
  })
  const exit = once(child, 'exit').then(([code, signal]) => {
    for (const listener of [...listeners]) listener.end(new Error(`it ended (${code ?? signal})\n${printed}`))
    return (code ?? signal) as number | NodeJS.Signals
  })
  const hear = <T>(pick: (message: FromSampler) => T | null): Promise<T> =>
    new Promise((resolve, reject) => {
      const listener = {
        hear(message: FromSampler) {
          const picked = pick(message)
          if (picked === null) return
          listeners.delete(listener)
          resolve(picked)
        },
        end: reject,
      }
      listeners.add(listener)
    })
  const ready = hear((message) => (message.type === 'ready' ? message : null))
  ready.catch(() => {}) // a test may not be interested
  child.send({ type: 'start', intervalMs: 50 } satisfies ToSampler)

  return {
    process: child,
    ready,
    exit,
    send: (message) => child.send(message),
    sampleWhere: (fits) =>
      hear((message) => (message.type === 'sample' && fits(message.sample) ? message.sample : null)),
  }
}

/** This process's environment, with a PATH and places for libraries of a test's own. */
export function environmentWith(changes: { path?: string; libraries?: string }): NodeJS.ProcessEnv {
  const { CUDA_VISIBLE_DEVICES, ...rest } = process.env
  return { ...rest, PATH: changes.path ?? '/no-such-folder', LD_LIBRARY_PATH: changes.libraries ?? '' }
}
