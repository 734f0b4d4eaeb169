import { runAgent } from '../../src/core/machines/agent.js'
import type { OwnMachine } from '../../src/core/machines/agent-programs.js'
import type { MachineOffer } from '../../src/core/machines/agent-protocol.js'
import type { TelemetrySample } from '../../src/shared/child/telemetry.js'
import type { FromTrainer, StepRecord, ToTrainer } from '../../src/shared/child/trainer-protocol.js'
import { monotonicNowMs } from '../../src/shared/clock.js'
import { pretendedGpu } from '../pretended-gpu.js'
import { type Order, passportOf, tandemVersion } from './order.js'

/** As often as Tandem's sampler looks. */
const sampleMs = 250
/** The last machine is another one, and its ranks come late: something to see. */
const lateMs = 6

function offerOf({ machines, devices }: Order, node: number): MachineOffer {
  const isOdd = node === machines
  return {
    passport: passportOf(node, devices, isOdd),
    engines: [{ name: 'wasm', version: null, cuda: false }],
    devices: Array.from({ length: devices }, (_, index) => ({
      kind: 'gpu' as const,
      index,
      description: 'Pretended GPU',
      cores: [],
    })),
    data: { trainSamples: 1, testSamples: 1, checksum: 'bench' },
    address: '127.0.0.1',
    interfaceName: 'lo',
    notes: [],
  }
}

/** Says what a trainer says, and computes nothing. */
function pretend(
  { stepMs, seconds, machines }: Order,
  node: number,
  say: (message: FromTrainer) => void,
  end: () => void,
): void {
  const steps = Math.round((seconds * 1000) / stepMs)
  say({ type: 'ready', backend: 'wasm', backendVersion: '0', collective: 'none', loadMs: 1 })
  say({ type: 'warmed-up', traceMs: 1, firstStepMs: 1, stepsPerEpoch: steps })
  let step = 0
  const timer = setInterval(() => {
    say({ type: 'steps', steps: [stepAt(step, stepMs, node === machines ? lateMs : 0)] })
    if (++step < steps) return
    clearInterval(timer)
    const epoch = { epoch: 0, loss: 1, seconds: (steps * stepMs) / 1000, images: steps * 8, steps }
    say({ type: 'epoch', epoch: { ...epoch, testAccuracy: null, parameterChecksum: 'same' } })
    say({ type: 'done', peakMemoryBytes: 0 })
    end()
  }, stepMs)
}

function stepAt(step: number, stepMs: number, lateMs: number): StepRecord {
  const startedAtMs = monotonicNowMs()
  const parts = { dataWaitMs: 1, computeMs: stepMs - 11, communicationMs: 9, updateMs: 1 }
  const arrivedAtMs = startedAtMs + stepMs - 10 + lateMs + Math.random()
  const loss = 2.3 / (1 + step / 2_000) + 0.1 * Math.random()
  return { epoch: 0, step, loss, images: 8, startedAtMs, stepMs, ...parts, arrivedAtMs }
}

function sampleOf(devices: number): TelemetrySample {
  const cores = Array.from({ length: devices }, () => 0.4 + 0.2 * Math.random())
  const unknown = { stealShare: null, powerWatts: null, temperatureCelsius: null, clockMegahertz: null }
  const memory = { usedBytes: 2e11, totalBytes: 1e12, swapUsedBytes: null }
  const gpus = Array.from({ length: devices }, (_, index) => pretendedGpu(index))
  return { atMs: monotonicNowMs(), costMs: 1, cpu: { cores, ...unknown }, memory, gpus, trainers: [] }
}

function machineOf(order: Order, node: number): OwnMachine {
  return {
    entry: '',
    environment: {},
    hasMetHost: false,
    prepare: async () => ({ offer: offerOf(order, node), ownJob: (job) => job }),
    spawn: (options) => ({
      pid: process.pid,
      send(message) {
        if ((message as ToTrainer).type !== 'start') return
        pretend(order, node, options.onMessage, () => options.onExit({ code: 0, signal: null }))
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
        const timer = setInterval(() => listener(sampleOf(order.devices)), sampleMs)
        return () => clearInterval(timer)
      },
    },
  }
}

process.stdin.once('data', (line) => {
  const order = JSON.parse(String(line)) as Order & { port: number; secret: string }
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
      machine: machineOf(order, index + 1),
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
