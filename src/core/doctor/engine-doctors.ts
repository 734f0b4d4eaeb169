import { pass, warn } from '../../shared/doctor/doctor-report.js'
import type { FromEngineCheck } from '../../shared/doctor/engine-check-protocol.js'
import { type EngineName, engines } from '../../shared/domain/engines.js'
import type { TrainerBackend } from '../../shared/trainer-protocol.js'
import { type ComputeInventory, type ResolvedDevices, resolveDevices } from '../devices/resolve.js'
import { describeEngine, whyNoEngine } from '../engine/engine-text.js'
import { searchEngine } from '../engine/locate.js'
import type { TrainerHost } from '../run/trainer-process.js'
import { checkAllReduce } from './all-reduce-check.js'
import { type CheckHost, runCheckProcess } from './check-process.js'
import type { Checklist } from './checklist.js'
import { checkStrategies } from './mini-runs.js'

/** What an engine's checks are made with. */
export interface EngineContext {
  environment: NodeJS.ProcessEnv
  tensorflowDirectory: string | undefined
  inventory: ComputeInventory
  checkHost: CheckHost
  trainerHost: TrainerHost
  /** How long one process may take for all that it proves of an engine. */
  engineLimitMs?: number
}

/** Makes an engine's checks; adds them to the checklist under its title. */
export type EngineDoctor = (checklist: Checklist, context: EngineContext) => Promise<void>

/** How each engine is proved. */
export const engineDoctors: Readonly<Partial<Record<EngineName, EngineDoctor>>> = {
  tensorflow: checkTensorFlow,
  wasm: (checklist, context) =>
    checkByProcess(
      checklist,
      context,
      { name: 'wasm' },
      resolveDevices('cpu', context.inventory, { cuda: false }),
    ),
}

/** Longer than any check takes on a slow machine; a process that takes longer hangs. */
const usualEngineLimitMs = 90_000
const allReduceLimitMs = 60_000

async function checkTensorFlow(checklist: Checklist, context: EngineContext): Promise<void> {
  const group = engines.tensorflow.title
  const { environment, tensorflowDirectory: directory, inventory } = context
  const search = await searchEngine({ directory, environment })
  const { engine } = search
  await checklist.make({ id: 'tensorflow.found', group, title: 'Installed' }, async () => {
    if (engine === null) {
      return warn(
        whyNoEngine(search),
        'Install it with: tandem engine install. Until then WebAssembly trains, which is slower.',
      )
    }
    if (inventory.gpus.length > 0 && engine.flavour !== 'cuda') {
      return warn(
        describeEngine(engine),
        'It cannot compute on the GPUs: tandem engine install --flavour cuda',
      )
    }
    return pass(describeEngine(engine))
  })
  if (engine === null) return
  const cuda = engine.flavour === 'cuda'
  const devices = resolveDevices(cuda && inventory.gpus.length > 0 ? 'gpu' : 'cpu', inventory, { cuda })
  await checkByProcess(checklist, context, { name: 'tensorflow', libraryDir: engine.directory }, devices)
}

/** For engines that run in Tandem's own programs: load, operations, copies, golden steps, memory; then groups and runs. */
async function checkByProcess(
  checklist: Checklist,
  context: EngineContext,
  backend: TrainerBackend,
  devices: ResolvedDevices,
): Promise<void> {
  const group = engines[backend.name].title
  const { signal } = checklist
  const loads = await proveEngine(checklist, context, backend, devices)
  // What does not load cannot be in a group either, and every check would say the same.
  if (!loads || signal.aborted) return
  await checklist.make({ id: `${backend.name}.all-reduce`, group, title: 'All-reduce by size' }, () =>
    checkAllReduce({ backend, devices, host: context.checkHost, limitMs: allReduceLimitMs, signal }),
  )
  await checkStrategies(checklist, { group, backend, devices, host: context.trainerHost })
}

/** Whether it could be loaded. */
async function proveEngine(
  checklist: Checklist,
  { checkHost, engineLimitMs = usualEngineLimitMs }: EngineContext,
  backend: TrainerBackend,
  devices: ResolvedDevices,
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
    job: { kind: 'engine', backend, devices: devices.devices },
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
