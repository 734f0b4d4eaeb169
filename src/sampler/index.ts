import '../child/host-bond.js'

import { openHostPort } from '../child/host-port.js'
import { type FromSampler, type ToSampler, toSamplerSchema } from '../shared/child/telemetry.js'
import { openSampler, type Sampler } from './sampler.js'

/*
 * The sampler program: one process that measures the machine for as long as its host wants. It is a process of its
 * own because a call into a driver may hang: it then falls silent, and its host kills it and starts another.
 */

const port = openHostPort<FromSampler>({ onMessage: receive, onClose: () => void end() })
let starting: Promise<Sampler> | null = null

function receive(raw: unknown): void {
  const parsed = toSamplerSchema.safeParse(raw)
  if (parsed.success) void obey(parsed.data)
  else console.error(`the host sent a message that is not understood: ${parsed.error.issues[0]?.message}`)
}

async function obey(message: ToSampler): Promise<void> {
  switch (message.type) {
    case 'start':
      if (starting !== null) return
      starting = openSampler(process.env, message.intervalMs)
      await run(await starting, message.intervalMs)
      return
    case 'watch':
      ;(await starting)?.watch(message.pids)
      return
    case 'stop':
      await end()
      return
  }
}

async function run(sampler: Sampler, intervalMs: number): Promise<void> {
  await port.post({ type: 'ready', gpuSources: sampler.gpus.sources, problems: sampler.gpus.problems })
  let posting = false
  setInterval(() => {
    // A host that does not read must not make this process grow.
    if (posting) return
    posting = true
    void port.post({ type: 'sample', sample: sampler.sample() }).then(() => {
      posting = false
    })
  }, intervalMs)
}

async function end(): Promise<void> {
  ;(await starting)?.close()
  process.exit(0)
}

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (thrown: unknown) => {
    console.error(thrown)
    process.exit(1)
  })
}
