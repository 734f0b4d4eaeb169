import { z } from 'zod'
import type { DeviceKind } from './device-kinds.js'
import type { ModelBuilder } from './models.js'
import type { Strategy } from './strategies.js'

/** What trains: the programs that compute. */
export const engineNames = ['tensorflow', 'wasm', 'pytorch'] as const
export const precisionNames = ['fp32', 'mixed'] as const
/** What DDP's ranks exchange gradients through; `auto` picks what suits the devices and the platform. */
export const collectiveNames = ['auto', 'shared-memory', 'files', 'tensorflow'] as const

/** Those that reach from one machine to another; `auto` picks one of them. */
export const collectivesBetweenMachines: readonly CollectiveName[] = ['auto', 'tensorflow']

export const engineSchema = z.enum(engineNames)
export const precisionSchema = z.enum(precisionNames)

export type EngineName = z.infer<typeof engineSchema>
export type Precision = z.infer<typeof precisionSchema>
export type CollectiveName = (typeof collectiveNames)[number]

/** What a run asks for: one engine, several to be measured in the same blocks, or `auto`. */
export const backendNames = [
  'auto',
  ...engineNames,
  'tensorflow,wasm',
  'tensorflow,pytorch',
  'wasm,pytorch',
  'tensorflow,wasm,pytorch',
] as const

export type BackendName = (typeof backendNames)[number]

/** The engines that a request names, in their own order; none for `auto`. */
export function enginesNamed(backend: BackendName): readonly EngineName[] {
  const names = backend.split(',')
  return engineNames.filter((name) => names.includes(name))
}

/** What an engine can do, and what it cannot. Whoever needs to know asks for a property, never for a name. */
export interface EngineFacts {
  title: string
  /** It ships with Tandem, `tandem engine install` brings it, or the person at the machine does. */
  broughtBy: 'tandem' | 'install-command' | 'person'
  precisions: readonly Precision[]
  collectives: readonly CollectiveName[]
  /** The kinds of devices that it trains on, by strategy; elsewhere the strategy is skipped with that reason. */
  strategies: Readonly<Record<Strategy, readonly DeviceKind[]>>
  /** Whether ranks on several machines can exchange gradients. */
  exchangesBetweenMachines: boolean
  /** Why nobody can tell for how long each bucket of gradients keeps a step waiting; null where that is timed. */
  whyNoBuckets: string | null
  /** Whether one device may use several cores; where not, the base on all cores is skipped with the reason. */
  usesCoresOfDevice: boolean
  /** Images a step of Single in the quick preset, a device of several has half: so few that 20 steps take seconds. */
  quickBatchSize: number
  /**
   * What a core usually comes to in training, in billions of floating-point operations a second: for a first guess of how
   * long a run takes, where nothing was measured.
   */
  usualCoreGigaflops: number
  /** What builds the models that it knows. */
  builders: readonly ModelBuilder[]
  /** Whether Tandem times the ways to compute its convolutions. */
  tunesConvolutions: boolean
  /** What its first call of a step is spent on, in the line of the warm-up. */
  firstCall: string
  /** Whether it is native code in Tandem's own trainers, and takes its memory from the program that these run in. */
  usesTrainersAllocator: boolean
  /** Whether memory format, compiling and bucket size can be chosen. */
  hasPyTorchSettings: boolean
  /** Where the machine's passport keeps its version; null for one whose version is that of Tandem's packages. */
  passportVersion: 'tensorflowVersion' | null
}

export const engines: Readonly<Record<EngineName, EngineFacts>> = {
  tensorflow: {
    title: 'TensorFlow',
    broughtBy: 'install-command',
    precisions: ['fp32', 'mixed'],
    collectives: ['auto', 'shared-memory', 'files', 'tensorflow'],
    strategies: { single: ['cpu', 'gpu'], dp: ['cpu', 'gpu'], ddp: ['cpu', 'gpu'] },
    exchangesBetweenMachines: true,
    whyNoBuckets: 'TensorFlow exchanges them inside the compiled step, which tells none apart',
    usesCoresOfDevice: true,
    quickBatchSize: 64,
    usualCoreGigaflops: 60,
    builders: ['resnet'],
    tunesConvolutions: true,
    firstCall: 'tracing',
    usesTrainersAllocator: true,
    hasPyTorchSettings: false,
    passportVersion: 'tensorflowVersion',
  },
  wasm: {
    title: 'WebAssembly',
    broughtBy: 'tandem',
    precisions: ['fp32'],
    collectives: ['auto', 'shared-memory', 'files'],
    strategies: { single: ['cpu'], dp: ['cpu'], ddp: ['cpu'] },
    exchangesBetweenMachines: false,
    whyNoBuckets: 'it exchanges all gradients at once',
    usesCoresOfDevice: false,
    quickBatchSize: 16,
    usualCoreGigaflops: 6,
    builders: ['resnet'],
    tunesConvolutions: true,
    firstCall: 'tracing',
    usesTrainersAllocator: false,
    hasPyTorchSettings: false,
    passportVersion: null,
  },
  pytorch: {
    title: 'PyTorch',
    broughtBy: 'person',
    precisions: ['fp32', 'mixed'],
    collectives: ['auto'],
    // torch.nn.DataParallel splits a batch over GPUs only.
    strategies: { single: ['cpu', 'gpu'], dp: ['gpu'], ddp: ['cpu', 'gpu'] },
    exchangesBetweenMachines: true,
    whyNoBuckets: null,
    usesCoresOfDevice: true,
    builders: ['resnet', 'torchvision'],
    tunesConvolutions: false,
    firstCall: 'compiling and first calls',
    usesTrainersAllocator: false,
    hasPyTorchSettings: true,
    quickBatchSize: 64,
    usualCoreGigaflops: 60,
    passportVersion: null,
  },
}

/** `TensorFlow 2.21.0`: what computed a measurement; null before that is known. */
export function engineText({
  backend,
  backendVersion,
}: {
  backend: EngineName | null
  backendVersion: string | null
}): string | null {
  if (backend === null) return null
  const { title } = engines[backend]
  return backendVersion === null ? title : `${title} ${backendVersion}`
}
