import { randomBytes } from 'node:crypto'
import getPort from 'get-port'
import type { TelemetrySample } from '../../../shared/child/telemetry.js'
import type { TrainerJob } from '../../../shared/child/trainer-protocol.js'
import { workstation } from '../../../shared/results/workstation.fixture.js'
import { notebookPreset } from '../../../shared/run/presets.js'
import type { ChildOptions, ChildProgram } from '../../child/child-program.js'
import { fakeJob } from '../../run/fake-host.fixture.js'
import { runAgent } from '../agent.js'
import type { OwnMachine } from '../agent-programs.js'
import type { MachineOffer, RunWishOfHost } from '../agent-protocol.js'
import { MachineFleet } from '../machine-fleet.js'
import type { Rendezvous } from '../rendezvous.js'

export const offer: MachineOffer = {
  passport: { ...workstation, hostName: 'two', tandemVersion: '1.0.0' },
  engines: [{ name: 'wasm', version: null, cuda: false }],
  devices: [{ kind: 'cpu', index: 0, description: 'CPU device', cores: [0] }],
  data: { trainSamples: 10, testSamples: 10, checksum: 'a' },
  address: '127.0.0.1',
  interfaceName: 'lo',
  notes: [],
}

export const wish: Omit<RunWishOfHost, 'hostAddress'> = {
  configuration: { ...notebookPreset, preset: 'custom' },
  processes: null,
  purpose: 'run',
  isOfScript: false,
}

export const job: TrainerJob = fakeJob({
  strategy: 'ddp',
  rank: 1,
  worldSize: 2,
  batchSize: 1,
  devices: [{ kind: 'cpu', index: 0, description: 'CPU device', cores: [0], machine: 1 }],
})

/** A trainer that does as the test says; it ends when it is killed. */
export interface FakeTrainer extends ChildOptions {
  heard: unknown[]
  wasKilled: boolean
}

export interface FakeMachine extends OwnMachine {
  trainers: FakeTrainer[]
  /** Has its sampler say this. */
  sample(sample: TelemetrySample): void
  /** The trainers that its sampler was told of. */
  watched: readonly number[]
}

export function fakeMachine(): FakeMachine {
  const trainers: FakeTrainer[] = []
  const listeners = new Set<(sample: TelemetrySample) => void>()
  const machine: FakeMachine = {
    trainers,
    watched: [],
    sample(sample) {
      for (const listener of listeners) listener(sample)
    },
    entry: 'trainer.js',
    environment: {},
    hasMetHost: false,
    telemetry: {
      onSample(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      watch(pids) {
        machine.watched = pids
      },
    },
    prepare: async () => ({ offer, ownJob: (wanted) => wanted }),
    spawnCommand: () => {
      throw new Error('no program of another language')
    },
    spawn(options): ChildProgram {
      const trainer: FakeTrainer = { ...options, heard: [], wasKilled: false }
      trainers.push(trainer)
      const end = (): void => {
        if (trainer.wasKilled) return
        trainer.wasKilled = true
        setImmediate(() => options.onExit({ code: null, signal: 'SIGKILL' }))
      }
      return { pid: 1, send: (message) => void trainer.heard.push(message), terminate: end, kill: end }
    },
  }
  return machine
}

export interface TwoNodes {
  fleet: MachineFleet
  rendezvous: Rendezvous
  /** What was said to people at node 0. */
  notices: string[]
}

export async function openHost(changes: Partial<Rendezvous> = {}): Promise<TwoNodes> {
  const rendezvous: Rendezvous = {
    nodes: 2,
    nodeRank: 0,
    endpoint: { host: '127.0.0.1', port: await getPort({ host: '127.0.0.1' }) },
    secret: randomBytes(32),
    interfaceName: null,
    joinMs: 60_000,
    ...changes,
  }
  const notices: string[] = []
  const fleet = await MachineFleet.open({
    rendezvous,
    tandemVersion: '1.0.0',
    onNotice: (text) => notices.push(text),
  })
  return { fleet, rendezvous, notices }
}

export interface StartedAgent {
  machine: FakeMachine
  /** How it ended: the host's last word, or what it threw. */
  ended: ReturnType<typeof runAgent>
  stop(): void
}

/** An agent as node 1, or as `changes` has it; `port` where it is not to find the host directly. */
export function startAgent(
  host: Rendezvous,
  changes: Partial<Rendezvous> & { tandemVersion?: string; port?: number } = {},
): StartedAgent {
  const { tandemVersion = '1.0.0', port = host.endpoint.port, ...rest } = changes
  const machine = fakeMachine()
  const controller = new AbortController()
  const ended = runAgent({
    rendezvous: { ...host, nodeRank: 1, endpoint: { ...host.endpoint, port }, ...rest },
    tandemVersion,
    machine,
    signal: controller.signal,
    onNotice() {},
  })
  // Whoever awaits it hears of a failure; until then it is nobody's.
  ended.catch(() => undefined)
  return { machine, ended, stop: () => controller.abort() }
}
