// A host that only starts the sampler named as its parameter. Says its pid once it has fallen silent after samples.
import { fork } from 'node:child_process'

const sampler = fork(process.argv[2] ?? '', { serialization: 'advanced' })
/** @type {NodeJS.Timeout | undefined} */
let silence
sampler.on('message', (received) => {
  const message = /** @type {import('../src/shared/child/telemetry.js').FromSampler} */ (received)
  if (message.type !== 'sample') return
  clearTimeout(silence)
  silence = setTimeout(() => process.send?.(sampler.pid), 1_000)
})
sampler.send({ type: 'start', intervalMs: 50 })
