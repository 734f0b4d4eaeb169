import { pass, warn } from '../../shared/doctor/doctor-report.js'
import { type EngineName, engines } from '../../shared/domain/engines.js'
import { type ComputeInventory, resolveDevices } from '../devices/resolve.js'
import { describeEngine, whyNoEngine } from '../engine/engine-text.js'
import { type EngineSearch, searchEngine } from '../engine/locate.js'
import type { Checklist } from './checklist.js'
import { type ProcessContext, proveByProcess } from './prove-engine.js'
import { checkPyTorch } from './pytorch-doctor.js'

/** What an engine's checks are made with. */
export interface EngineContext extends ProcessContext {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  tensorflowDirectory: string | undefined
  /** A Python that someone named for PyTorch. */
  python: string | undefined
  inventory: ComputeInventory
}

/** Makes an engine's checks; adds them to the checklist under its title. */
export type EngineDoctor = (checklist: Checklist, context: EngineContext) => Promise<void>

/** How each engine is proved. */
export const engineDoctors: Readonly<Record<EngineName, EngineDoctor>> = {
  tensorflow: checkTensorFlow,
  wasm: checkWasm,
  pytorch: checkPyTorch,
}

async function checkTensorFlow(checklist: Checklist, context: EngineContext): Promise<void> {
  const group = engines.tensorflow.title
  const { environment, tensorflowDirectory: directory, inventory } = context
  let engine: EngineSearch['engine'] = null
  await checklist.make({ id: 'tensorflow.found', group, title: 'Installed' }, async () => {
    // A folder that somebody named and that does not hold it is a fault.
    const search = await searchEngine({ directory, environment })
    engine = search.engine
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
  const found = engine as EngineSearch['engine']
  if (found === null) return
  const cuda = found.flavour === 'cuda'
  const devices = resolveDevices(cuda && inventory.gpus.length > 0 ? 'gpu' : 'cpu', inventory, { cuda })
  const backend = { name: 'tensorflow', libraryDir: found.directory } as const
  await proveByProcess(checklist, context, { backend, devices })
}

async function checkWasm(checklist: Checklist, context: EngineContext): Promise<void> {
  const devices = resolveDevices('cpu', context.inventory, { cuda: false })
  await proveByProcess(checklist, context, { backend: { name: 'wasm' }, devices })
}
