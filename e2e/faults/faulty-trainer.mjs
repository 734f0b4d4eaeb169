// The real trainer, in which something of the machine's goes wrong: FAULTS_INSIDE says what, after its third message of
// steps. The trainer itself knows nothing of it.
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import workerThreads from 'node:worker_threads'

/** @type {import('node:worker_threads').Worker[]} */
const dataWorkers = []
workerThreads.Worker = class extends workerThreads.Worker {
  /** @param {ConstructorParameters<typeof import('node:worker_threads').Worker>} parameters */
  constructor(...parameters) {
    super(...parameters)
    if (String(parameters[0]).includes('data-worker')) dataWorkers.push(this)
  }
}
syncBuiltinESMExports()

/** @type {Record<string, () => void>} */
const faults = {
  'data-worker-ends': () => void dataWorkers[0]?.terminate(),
  // It never hears of another task.
  'data-worker-hangs': () => {
    for (const worker of dataWorkers) worker.postMessage = () => {}
  },
  'data-worker-throws': () => void dataWorkers[0]?.emit('error', new Error('the disk is gone')),
}

let messages = 0
const send = process.send?.bind(process)
process.send = (/** @type {any} */ message, /** @type {any[]} */ ...rest) => {
  if (message?.type === 'steps' && ++messages === 3) faults[process.env.FAULTS_INSIDE ?? '']?.()
  return send?.(message, .../** @type {[]} */ (rest)) ?? false
}

await import(pathToFileURL(join(process.env.FAULTS_ROOT ?? '', 'out', 'main', 'trainer.js')).href)
