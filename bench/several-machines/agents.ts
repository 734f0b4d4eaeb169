import { runAgent } from '../../src/core/machines/agent.js'
import type { OwnMachine } from '../../src/core/machines/agent-programs.js'
import type { MachineOffer } from '../../src/core/machines/agent-protocol.js'
import type { TelemetrySample } from '../../src/shared/child/telemetry.js'
import type { FromTrainer, StepRecord, ToTrainer } from '../../src/shared/child/trainer-protocol.js'
import { monotonicNowMs } from '../../src/shared/clock.js'

/** What the host writes to this process's standard input. */
interface Order {
  machines: number
  devices: number
  seconds: number
  port: number
  secret: string
}

const stepMs = 50
const sampleMs = 1_000
const tandemVersion = 'bench'

function offerOf(devices: number): MachineOffer {
  return {
    passport: {
      hostName: 'pretended',
      operatingSystem: 'none',
      architecture: 'x64',
      cpuModel: 'none',
      physicalCores: devices,
      logicalCores: devices,
      memoryBytes: 1e9,
      gpus: [],
      gpuDriverVersion: null,
      tandemVersion,
      nodeVersion: process.versions.node,
      tensorflowVersion: null,
    },
    engines: [{ name: 'wasm', version: null, cuda: false }],
    devices: Array.from({ length: devices }, (_, index) => ({
      kind: 'cpu' as const,
      index,
      description: 'CPU device',
      cores: [index],
    })),
    data: { trainSamples: 1, testSamples: 1, checksum: 'bench' },
    address: '127.0.0.1',
    interfaceName: 'lo',
    notes: [],
  }
}

/** Says what a trainer says, and computes nothing. */
function pretend(steps: number, say: (message: FromTrainer) => void, end: () => void): void {
  say({ type: 'ready', backend: 'wasm', backendVersion: '0', collective: 'none', loadMs: 1 })
  say({ type: 'warmed-up', traceMs: 1, firstStepMs: 1, stepsPerEpoch: steps })
  let step = 0
  const timer = setInterval(() => {
    say({ type: 'steps', steps: [stepAt(step)] })
    if (++step < steps) return
    clearInterval(timer)
    const epoch = { epoch: 0, loss: 1, seconds: (steps * stepMs) / 1000, images: steps * 8, steps }
    say({ type: 'epoch', epoch: { ...epoch, testAccuracy: null, parameterChecksum: 'same' } })
    say({ type: 'done', peakMemoryBytes: 0 })
    end()
  }, stepMs)
}

function stepAt(step: number): StepRecord {
  const startedAtMs = monotonicNowMs()
  const parts = { dataWaitMs: 1, computeMs: stepMs - 11, communicationMs: 9, updateMs: 1 }
  return { epoch: 0, step, loss: 1, images: 8, startedAtMs, stepMs, ...parts, arrivedAtMs: startedAtMs + 40 }
}

function sampleOf(devices: number): TelemetrySample {
  const cores = Array.from({ length: devices }, () => 0.9)
  const unknown = { stealShare: null, powerWatts: null, temperatureCelsius: null, clockMegahertz: null }
  const memory = { usedBytes: 1, totalBytes: 2, swapUsedBytes: null }
  return { atMs: monotonicNowMs(), costMs: 1, cpu: { cores, ...unknown }, memory, gpus: [], trainers: [] }
}

function machineOf({ devices, seconds }: Order): OwnMachine {
  return {
    entry: '',
    environment: {},
    hasMetHost: false,
    prepare: async () => ({ offer: offerOf(devices), ownJob: (job) => job }),
    spawn: (options) => ({
      pid: process.pid,
      send(message) {
        if ((message as ToTrainer).type !== 'start') return
        pretend((seconds * 1000) / stepMs, options.onMessage, () => options.onExit({ code: 0, signal: null }))
      },
      terminate() {},
      kill: () => options.onExit({ code: null, signal: 'SIGKILL' }),
    }),
    spawnCommand: () => {
      throw new Error('none of these is a program of another language')
    },
    telemetry: {
      watch() {},
      onSample(listener) {
        const timer = setInterval(() => listener(sampleOf(devices)), sampleMs)
        return () => clearInterval(timer)
      },
    },
  }
}

process.stdin.once('data', (line) => {
  const order = JSON.parse(String(line)) as Order
  const { machines, port, secret } = order
  const agents = Array.from({ length: machines }, (_, index) =>
    runAgent({
      rendezvous: {
        nodes: machines + 1,
        nodeRank: index + 1,
        endpoint: { host: '127.0.0.1', port },
        secret: Buffer.from(secret, 'hex'),
        interfaceName: null,
        joinMs: 60_000,
      },
      tandemVersion,
      machine: machineOf(order),
      signal: new AbortController().signal,
      onNotice() {},
    }),
  )
  Promise.all(agents).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
