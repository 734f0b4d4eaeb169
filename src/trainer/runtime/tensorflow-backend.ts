import { registerBackend, setBackend, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { Backend, CompiledStep, CompileOptions, PhaseClock, Step } from '../backend.js'
import { registerGradients } from '../kernels/gradients.js'
import { registerTensorFlowKernels } from '../kernels/tensorflow/register.js'
import { platform } from '../platform/index.js'
import { attribute } from './attributes.js'
import { TensorFlowBinding } from './binding.js'
import { TracedCompiledStep } from './compile.js'
import { TensorFlowContext } from './context.js'
import { dtypeOf, dtypes } from './dtype.js'
import { EagerStep } from './eager-step.js'
import { TensorFlowKernelBackend } from './kernel-backend.js'
import { loadTensorFlow } from './library.js'
import { createPhaseClock } from './phase-clock.js'
import { encodeConfig, encodeServer, type SessionSettings } from './protos.js'
import { StepState } from './state.js'
import { withDevice } from './with-device.js'

export interface TensorFlowOptions {
  /** The folder that holds libtensorflow. */
  libraryDir: string
  /** How many devices of which kind the program uses: CPU devices of one process, or CUDA devices by index. */
  devices: { kind: 'cpu'; count: number } | { kind: 'gpu'; names: readonly string[] }
  intraOpThreads: number
  interOpThreads: number
  precision: 'fp32' | 'mixed'
  /** This process's place in a group that exchanges through TensorFlow's collectives. */
  group: { addresses: readonly string[]; rank: number } | null
  /** `eager` runs every operation by itself; it exists to check tracing against. */
  execution?: 'traced' | 'eager' | undefined
}

/** The name under which tfjs knows this backend. */
const backendName = 'tensorflow'

/**
 * Starts TensorFlow in this process and makes it tfjs's backend. Once a process: TensorFlow's devices and
 * threads cannot be set up twice. Throws `tensorflow-load`, `devices-unavailable`.
 */
export async function createTensorFlowBackend(options: TensorFlowOptions): Promise<TensorFlowBackend> {
  if (options.devices.kind === 'gpu') showGpus(options.devices.names)
  const api = loadTensorFlow(options.libraryDir)
  const settings = sessionSettings(options)
  const { group } = options
  const server = group === null ? null : encodeServer(group.addresses, group.rank, settings)
  const context = new TensorFlowContext(api, encodeConfig(settings), server)
  if (group !== null) keepServerIn(group.addresses[group.rank] ?? '')
  const devices = chooseDevices(context, options)

  const binding = new TensorFlowBinding(context)
  const kernels = new TensorFlowKernelBackend(binding)
  await import('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js')
  registerBackend(backendName, () => kernels as never)
  registerTensorFlowKernels()
  registerGradients()
  await setBackend(backendName)
  return new TensorFlowBackend(context, kernels, devices, settings, options.execution ?? 'traced')
}

/**
 * TensorFlow's server lets in whoever reaches it, and listens at every address whatever it is given. Where ranks meet
 * within this machine, nobody else need reach it.
 */
function keepServerIn(address: string): void {
  const [, port] = /^127\.0\.0\.1:(\d+)$/.exec(address) ?? []
  if (port === undefined) return
  const problem = platform.keepToThisMachine(Number(port))
  if (problem !== null) console.error(`TensorFlow's port ${port} can be reached from the network: ${problem}`)
}

export class TensorFlowBackend implements Backend {
  readonly name = 'tensorflow'
  readonly version: string
  private readonly state: StepState
  private readonly steps = new Set<CompiledStep>()
  private readonly functionConfig: Uint8Array
  private readonly forget = (step: CompiledStep): void => {
    this.steps.delete(step)
  }

  constructor(
    readonly context: TensorFlowContext,
    readonly kernels: TensorFlowKernelBackend,
    readonly devices: readonly string[],
    settings: SessionSettings,
    private readonly execution: 'traced' | 'eager',
  ) {
    this.version = context.api.eager.version()
    this.state = new StepState(context, kernels, this.masterDevice)
    this.functionConfig = settings.mixedPrecision === 'off' ? new Uint8Array() : encodeConfig(settings)
  }

  compile(step: Step, options: CompileOptions): CompiledStep {
    const compiled =
      this.execution === 'eager' ? new EagerStep(step, this.forget) : this.compileTraced(step, options)
    this.steps.add(compiled)
    return compiled
  }

  withDevice<T>(device: string, build: () => T): T {
    return withDevice(this.kernels.binding, device, build)
  }

  phaseClock(): PhaseClock | null {
    const { trace } = this.kernels.binding
    return trace === null ? null : createPhaseClock(this.kernels, trace)
  }

  uploadImages(bytes: Uint8Array, batch: number): Tensor {
    const shape = [batch, 32, 32, 3]
    const handle = this.context.createHandle(dtypes.uint8, shape, bytes)
    return this.kernels.createOutputTensor(this.kernels.binding.adopt(handle))
  }

  snapshot(variables: readonly Variable[]): () => void {
    const held = this.withDevice(this.masterDevice, () =>
      variables.map((variable) => [variable, this.hold(variable)] as const),
    )
    return () => {
      for (const [variable, value] of held) {
        variable.assign(value)
        value.dispose()
        this.state.settle(variable)
      }
    }
  }

  resources(): { tensors: number; handles: number; functions: number } {
    const functions = [...this.steps].reduce(
      (total, step) => total + (step instanceof TracedCompiledStep ? step.functionCount : 0),
      0,
    )
    return {
      tensors: this.kernels.binding.entries.size,
      handles: this.context.liveHandles,
      functions,
    }
  }

  dispose(): void {
    for (const step of [...this.steps]) step.dispose()
  }

  /** A tensor that shares the variable's memory: the update after it writes elsewhere. */
  private hold(variable: Variable): Tensor {
    const type = attribute.type('T', dtypeOf(variable.dtype))
    return this.kernels.executeSingleOutput('Identity', [type], [variable]) as Tensor
  }

  private get masterDevice(): string {
    return this.devices[0] as string
  }

  private compileTraced(step: Step, options: CompileOptions): TracedCompiledStep {
    const environment = {
      context: this.context,
      backend: this.kernels,
      state: this.state,
      device: this.masterDevice,
      functionConfig: this.functionConfig,
      onDispose: this.forget,
    }
    return new TracedCompiledStep(environment, step, options)
  }
}

/**
 * Makes CUDA show these GPUs and no others, as GPU:0, GPU:1, ... in this order, by their UUIDs or by nvidia-smi's
 * numbers. CUDA reads both variables when it starts. What a person set in them has been heeded by choosing the GPUs.
 */
function showGpus(names: readonly string[]): void {
  process.env.CUDA_DEVICE_ORDER = 'PCI_BUS_ID'
  process.env.CUDA_VISIBLE_DEVICES = names.join(',')
}

function sessionSettings(options: TensorFlowOptions): SessionSettings {
  const { devices, group, precision } = options
  const mixed = devices.kind === 'cpu' ? 'bfloat16' : 'float16'
  return {
    intraOpThreads: options.intraOpThreads,
    interOpThreads: options.interOpThreads,
    cpuDevices: devices.kind === 'cpu' ? devices.count : 1,
    usesGpus: devices.kind === 'gpu',
    mixedPrecision: precision === 'mixed' ? mixed : 'off',
    collectiveLeader: group === null ? null : '/job:worker/replica:0/task:0',
  }
}

/** The context's devices of the kind asked for. In a group it lists every task's; this task's are wanted. */
function chooseDevices(context: TensorFlowContext, { devices, group }: TensorFlowOptions): string[] {
  const task = `/task:${group?.rank ?? 0}/`
  const wanted = devices.kind === 'cpu' ? devices.count : devices.names.length
  const found = context.devices.filter(
    (name) => name.includes(task) && name.includes(`device:${devices.kind.toUpperCase()}:`),
  )
  if (found.length < wanted) {
    throw new TandemError({
      code: 'devices-unavailable',
      message: `TensorFlow sees ${found.length} of the ${wanted} ${devices.kind.toUpperCase()} devices asked for`,
      hint:
        devices.kind === 'gpu'
          ? 'Check `nvidia-smi`, and that the engine has CUDA: `tandem engine status`.'
          : 'This is a defect in Tandem; please report it with the log.',
    })
  }
  return found.slice(0, wanted)
}
