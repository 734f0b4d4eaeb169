import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { toErrorReport } from '../../shared/errors.js'
import { platform } from '../platform/index.js'
import { allowedCores } from '../platform/linux-pinning.js'

/** Started by tests: pins itself to the cores in its arguments and prints where each of its threads may run. */
const cores = process.argv.slice(2).map(Number)
const threads = () => readdirSync('/proc/self/task').map((id) => allowedCores(Number(id)))

try {
  const pinning = platform.pinToCores(cores)
  const before = threads()
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
  worker.once('online', () => {
    console.log(JSON.stringify({ pinning, before, withWorker: threads() }))
    void worker.terminate()
  })
} catch (error) {
  console.log(JSON.stringify({ error: toErrorReport(error), before: threads() }))
}
