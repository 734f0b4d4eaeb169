import type { TrainerBackend } from '../../shared/child/trainer-protocol.js'
import type { FromEngineCheck } from '../../shared/doctor/engine-check-protocol.js'
import { engines } from '../../shared/domain/engines.js'
import type { Device } from '../../shared/machine/device.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import type { TrainerHost } from '../run/trainer-process.js'
import { checkAllReduce } from './all-reduce-check.js'
import { type CheckCommand, type CheckHost, runCheckProcess } from './check-process.js'
import type { Checklist } from './checklist.js'
import { checkStrategies } from './mini-runs.js'

/** What processes that check are started with. */
export interface ProcessContext {
  checkHost: CheckHost
  trainerHost: TrainerHost
  /** How long one process may take for all that it proves of an engine. */
  engineLimitMs?: number
}

/** Longer than any check takes on a slow machine; a process that takes longer hangs. */
const usualEngineLimitMs = 90_000
const allReduceLimitMs = 60_000

/** An engine with what it needs to be proved. */
export interface EngineUnderCheck {
  backend: TrainerBackend
  devices: ResolvedDevices
  /** Of an engine that is another program than Tandem's own. */
  commandOf?: (devices: readonly Device[], rank: number) => CheckCommand
  /** Committed training steps, for such a program. */
  golden?: unknown
}

/** In processes of its own: load, operations, copies, golden steps, memory; then groups and runs. */
export async function proveByProcess(
  checklist: Checklist,
  context: ProcessContext,
  engine: EngineUnderCheck,
): Promise<void> {
  const { backend, devices, commandOf } = engine
  const group = engines[backend.name].title
  const { signal } = checklist
  const loads = await proveEngine(checklist, context, engine)
  // What does not load cannot be in a group either, and every check would say the same.
  if (!loads || signal.aborted) return
  await checklist.make({ id: `${backend.name}.all-reduce`, group, title: 'All-reduce by size' }, () =>
    checkAllReduce({
      backend,
      devices,
      host: context.checkHost,
      commandOf,
      limitMs: allReduceLimitMs,
      signal,
    }),
  )
  await checkStrategies(checklist, { group, backend, devices, host: context.trainerHost })
}

/** Whether it could be loaded. */
async function proveEngine(
  checklist: Checklist,
  { checkHost, engineLimitMs = usualEngineLimitMs }: ProcessContext,
  { backend, devices: { devices }, commandOf, golden }: EngineUnderCheck,
): Promise<boolean> {
  const group = engines[backend.name].title
  const { signal } = checklist
  if (signal.aborted) return false
  let current = { id: 'load', title: 'Loading' }
  let beganAt = performance.now()
  let loads = false
  const hear = (message: FromEngineCheck): void => {
    if (message.type === 'began') {
      current = message
      beganAt = performance.now()
      checklist.begin(group, message.title)
    }
    if (message.type === 'found') {
      loads ||= message.id === 'load'
      checklist.add({
        id: `${backend.name}.${message.id}`,
        group,
        title: current.title,
        ...message.finding,
        ms: message.ms,
      })
    }
  }
  const died = await runCheckProcess({
    job: { kind: 'engine', backend, devices, golden },
    command: commandOf?.(devices, 0),
    title: `${group} check`,
    host: checkHost,
    limitMs: engineLimitMs,
    signal,
    onMessage: hear,
  })
  if (died === null || signal.aborted) return loads
  const ms = performance.now() - beganAt
  checklist.add({ id: `${backend.name}.${current.id}`, group, title: current.title, ...died, ms })
  return loads
}
