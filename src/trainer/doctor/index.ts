import { endProcessNow } from '../../child/end-process.js'
import { openHostPort } from '../../child/host-port.js'
import { startParentWatchdog } from '../../child/watchdog.js'
import { fail, pass } from '../../shared/doctor/doctor-report.js'
import {
  type EngineCheckJob,
  type FromEngineCheck,
  toEngineCheckSchema,
} from '../../shared/doctor/engine-check-protocol.js'
import { engines } from '../../shared/domain/engines.js'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import { formatQuantity } from '../../shared/text/format.js'
import type { Backend } from '../backend.js'
import { platform } from '../platform/index.js'
import { createBackend } from '../strategies/create-backend.js'
import { allReduceAsRank } from './all-reduce-rank.js'
import { type EngineCheck, engineChecks } from './engine-checks.js'

/*
 * The engine-check program: proves one thing after another of an engine, for `tandem doctor`. It is a process of its own
 * because an engine or a driver may hang or crash; its host then knows what it was at.
 */

const lingerMs = 1_000
const watchdog = startParentWatchdog({ parentPid: process.ppid })

const port = openHostPort<FromEngineCheck>({
  onMessage(raw) {
    const parsed = toEngineCheckSchema.safeParse(raw)
    void (parsed.success ? work(parsed.data.job) : end({ type: 'failed', error: malformed() }, 1))
  },
  onClose: () => endProcessNow(0),
})

async function work(job: EngineCheckJob): Promise<void> {
  const cores = job.devices.flatMap((device) => device.cores)
  if (cores.length > 0) platform.pinToCores(cores)
  try {
    if (job.kind === 'engine') await checkEngine(job)
    else await sumAsRank(job)
    await end({ type: 'done' }, 0)
  } catch (thrown) {
    if (!(thrown instanceof TandemError)) console.error(thrown)
    await end({ type: 'failed', error: toErrorReport(thrown) }, 1)
  }
}

async function checkEngine(job: EngineCheckJob): Promise<void> {
  await port.post({ type: 'began', id: 'load', title: 'Loading' })
  const startedAt = performance.now()
  const backend = await load(job, null)
  const devices = formatQuantity(backend.devices.length, 'device')
  const loaded = pass(`${engines[backend.name].title} ${backend.version}, ${devices}`)
  await port.post({ type: 'found', id: 'load', finding: loaded, ms: performance.now() - startedAt })
  for (const check of engineChecks) await tellOf(check, backend)
  backend.dispose()
}

/** A check that cannot be made has failed; the others are made all the same. */
async function tellOf({ id, title, run }: EngineCheck, backend: Backend): Promise<void> {
  await port.post({ type: 'began', id, title })
  const startedAt = performance.now()
  const finding = await run(backend).catch((thrown: unknown) => {
    const { message, hint } = toErrorReport(thrown)
    return fail(message, hint || 'Update the driver, or install the engine again.')
  })
  await port.post({ type: 'found', id, finding, ms: performance.now() - startedAt })
}

async function sumAsRank(job: Extract<EngineCheckJob, { kind: 'all-reduce' }>): Promise<void> {
  const [first] = job.exchanges
  const backend = await load(job, first?.collective ?? null)
  await allReduceAsRank(job, backend, (summed) => void port.post(summed))
  backend.dispose()
}

function load(
  job: EngineCheckJob,
  collective: Parameters<typeof createBackend>[0]['collective'],
): Promise<Backend> {
  const { backend, devices } = job
  return createBackend({
    backend,
    devices,
    collective,
    rank: job.kind === 'all-reduce' ? job.rank : 0,
    precision: 'fp32',
  })
}

async function end(lastWord: FromEngineCheck, exitCode: number): Promise<void> {
  process.exitCode = exitCode
  setTimeout(() => endProcessNow(exitCode), lingerMs).unref()
  await port.post(lastWord)
  port.close()
  await watchdog.stop()
}

function malformed() {
  return {
    code: 'malformed-message',
    message: 'the host sent a message that is not understood',
    hint: 'Host and engine check are of different versions; rebuild Tandem.',
  }
}
