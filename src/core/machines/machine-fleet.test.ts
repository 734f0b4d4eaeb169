import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../e2e/eventually.js'
import type { TelemetrySample } from '../../shared/child/telemetry.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { sampledDevices } from '../../shared/domain/device-figures.js'
import type { RunSample } from '../../shared/live/live-event.js'
import type { MachineFleet } from './machine-fleet.js'
import type { RemoteChildOptions } from './remote-agent.js'
import { openRelay, type Relay } from './test-support/relay.js'
import {
  job,
  offer,
  openHost,
  type StartedAgent,
  startAgent,
  type TwoNodes,
  wish,
} from './test-support/two-nodes.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function host(changes: Parameters<typeof openHost>[0] = {}): Promise<TwoNodes> {
  const opened = await openHost(changes)
  closing.push(() => opened.fleet.close(null))
  return opened
}

function agent(...parameters: Parameters<typeof startAgent>): StartedAgent {
  const started = startAgent(...parameters)
  closing.push(() => started.stop())
  return started
}

async function relayTo(port: number): Promise<Relay> {
  const relay = await openRelay(port)
  closing.push(() => relay.close())
  return relay
}

/** A trainer on node 1, and what is heard of it. */
function startTrainer(fleet: MachineFleet) {
  const heard: string[] = []
  const options: RemoteChildOptions = {
    name: 'ddp-rank-1',
    title: 'DDP rank 1',
    onMessage: (message) => heard.push(`message ${JSON.stringify(message)}`),
    onOutput: (text) => heard.push(`output ${text}`),
    onExit: ({ code, signal, startError }) =>
      heard.push(`exit ${code} ${signal} ${startError?.message ?? ''}`.trim()),
    onProblem: (problem) => heard.push(`problem ${problem}`),
    onDisconnect: () => heard.push('disconnect'),
    onLost: ({ code, message }) => heard.push(`lost ${code} ${message}`),
  }
  const program = fleet.spawn(1, options)
  program.send({ type: 'start', job })
  return { program, heard }
}

/** All but `tenths` is the same of every sample. */
function sampleOf(tenths: number): TelemetrySample {
  return {
    atMs: monotonicNowMs(),
    costMs: 1,
    cpu: {
      cores: [tenths / 10],
      stealShare: null,
      powerWatts: null,
      temperatureCelsius: null,
      clockMegahertz: null,
    },
    memory: { usedBytes: 1, totalBytes: 2, swapUsedBytes: null },
    gpus: [],
    trainers: [{ pid: 1, coresUsed: 1, memoryBytes: 1 }],
  }
}

describe('a run over two machines', () => {
  it('asks the other what it has, starts trainers there, hears them, and ends it in order', async () => {
    const { fleet, rendezvous, notices } = await host()
    const { machine, ended } = agent(rendezvous)
    const [joined] = await fleet.prepare(wish)
    expect(joined?.offer).toEqual(offer)
    expect(joined?.name).toMatch(/^node 1 \(.+\)$/)
    expect(notices.join()).toContain('2 of 2 nodes')

    const { program, heard } = startTrainer(fleet)
    await eventually('it runs', 10_000, () => machine.trainers.length === 1)
    const [trainer] = machine.trainers
    trainer?.onMessage({ type: 'ready' })
    trainer?.onOutput('x'.repeat(100_000))
    program.send({ type: 'stop' })
    await eventually('it hears', 10_000, () => trainer?.heard.length === 2)
    expect(trainer?.heard).toEqual([{ type: 'start', job }, { type: 'stop' }])
    trainer?.onExit({ code: 0, signal: null })
    await eventually('it has ended', 10_000, () => heard.at(-1) === 'exit 0 null')
    expect(heard[0]).toBe('message {"type":"ready"}')
    expect(heard.slice(1, -1).map((line) => line.length - 'output '.length)).toEqual([65_536, 34_464])

    expect(await fleet.findPorts(1, 3)).toHaveLength(3)
    await fleet.close(null)
    expect(await ended).toBeNull()
  })

  it('names the machine that never comes, and whoever was turned away meanwhile', async () => {
    const { fleet, rendezvous, notices } = await host({ joinMs: 1_500 })
    const stranger = agent(rendezvous, { secret: Buffer.alloc(32) })
    await expect(stranger.ended).rejects.toMatchObject({ code: 'secret-refused' })
    await expect(fleet.prepare(wish)).rejects.toMatchObject({
      code: 'node-missing',
      message: 'Node 1 did not come within 2 s',
      hint: expect.stringContaining('127.0.0.1 has another secret') as string,
    })
    expect(notices.join()).toContain('has another secret')
  })

  it.each([
    [
      'of another version',
      { tandemVersion: '0.9.0' },
      'node-version',
      /node 1 \(.+\) runs Tandem 0.9.0, and node 0 runs 1.0.0/,
    ],
    ['that counts other machines', { nodes: 3 }, 'node-mismatch', /its --nnodes is 3, and node 0's is 2/],
    ['with a number that nobody has', { nodes: 2, nodeRank: 5 }, 'node-mismatch', /its --node-rank is 5/],
  ])('refuses one %s, in the same words on both', async (_what, changes, code, message) => {
    const { fleet, rendezvous } = await host()
    const { ended } = agent(rendezvous, changes)
    const refused = { code, message: expect.stringMatching(message) as string }
    await Promise.all([
      expect(fleet.prepare(wish)).rejects.toMatchObject(refused),
      expect(ended).rejects.toMatchObject(refused),
    ])
  })

  it('keeps the first of two that come with the same number', async () => {
    const { fleet, rendezvous, notices } = await host()
    const first = agent(rendezvous)
    await fleet.prepare(wish)
    const second = agent(rendezvous)
    await expect(second.ended).rejects.toMatchObject({ code: 'node-twice' })
    expect(notices.join()).toContain('the second one was refused')
    startTrainer(fleet)
    await eventually('the first works on', 10_000, () => first.machine.trainers.length === 1)
  })

  it('takes the new one where the first has lost its power, and its wire still looks open', async () => {
    const { fleet, rendezvous, notices } = await host()
    const relay = await relayTo(rendezvous.endpoint.port)
    const first = agent(rendezvous, { port: relay.port })
    await fleet.prepare(wish)
    const { heard } = startTrainer(fleet)
    await eventually('it runs', 10_000, () => first.machine.trainers.length === 1)
    relay.silence()
    // Both come while nothing is known of the first one yet; there is one place.
    const others = [agent(rendezvous), agent(rendezvous)]
    const refused = await Promise.any(
      others.map(({ ended }) =>
        ended.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    )
    expect(refused).toMatchObject({ code: 'node-twice' })
    expect(heard).toEqual([
      expect.stringMatching(/^lost node-lost node 1 \(.+\) was silent when it came again as a new one$/),
      'exit null SIGKILL',
    ])
    expect(notices.filter((notice) => notice.includes('is here'))).toHaveLength(2)
    await fleet.prepare(wish)
    startTrainer(fleet)
    await eventually(
      'the new one works',
      10_000,
      () => others.flatMap(({ machine }) => machine.trainers).length === 1,
    )
  })

  it('goes on when the wire drops: nothing is lost, nothing comes twice', async () => {
    const { fleet, rendezvous } = await host()
    const relay = await relayTo(rendezvous.endpoint.port)
    const { machine } = agent(rendezvous, { port: relay.port })
    await fleet.prepare(wish)
    const { program, heard } = startTrainer(fleet)
    await eventually('it runs', 10_000, () => machine.trainers.length === 1)
    const [trainer] = machine.trainers
    for (let step = 0; step < 200; step++) {
      trainer?.onMessage(step)
      if (step % 40 === 20) {
        await eventually('some have come', 10_000, () => heard.length > step - 20)
        relay.drop()
        program.send({ type: 'stop' })
      }
    }
    await eventually('all have come', 20_000, () => heard.length >= 200)
    expect(heard).toEqual(Array.from({ length: 200 }, (_, step) => `message ${step}`))
    expect(trainer?.heard).toEqual([
      { type: 'start', job },
      ...Array.from({ length: 5 }, () => ({ type: 'stop' })),
    ])
    expect(trainer?.wasKilled).toBe(false)
  })

  it('ends trainers, and the agent, when its host has died', async () => {
    const { fleet, rendezvous } = await host()
    const relay = await relayTo(rendezvous.endpoint.port)
    const { machine, ended } = agent(rendezvous, { port: relay.port })
    await fleet.prepare(wish)
    startTrainer(fleet)
    await eventually('it runs', 10_000, () => machine.trainers.length === 1)
    // As a host that was killed: its connections are reset, and nobody listens any more.
    relay.close()
    await expect(ended).rejects.toMatchObject({ code: 'host-lost' })
    expect(machine.trainers.map(({ wasKilled }) => wasKilled)).toEqual([true])
  })

  it('says at once that a machine is not heard of, and that it was stopped', async () => {
    const { fleet, rendezvous } = await host()
    const { machine, stop } = agent(rendezvous)
    await fleet.prepare(wish)
    const { heard } = startTrainer(fleet)
    await eventually('it runs', 10_000, () => machine.trainers.length === 1)
    expect(fleet.absence(1)).toBeNull()
    stop()
    await eventually('its trainer is lost', 10_000, () => heard.length === 2)
    expect(heard[0]).toMatch(/^lost node-lost node 1 \(.+\) was stopped$/)
    expect(heard[1]).toBe('exit null SIGKILL')
    expect(fleet.absence(1)).toMatchObject({ code: 'node-lost' })
    expect(machine.trainers[0]?.wasKilled).toBe(true)
  })

  it('takes a machine back that comes again, as after a restart', async () => {
    const { fleet, rendezvous, notices } = await host()
    const first = agent(rendezvous)
    await fleet.prepare(wish)
    first.stop()
    await eventually('it is lost', 10_000, () => fleet.absence(1) !== null)
    const back = fleet.comeBack([1], new AbortController().signal)
    const second = agent(rendezvous)
    await back
    expect(notices.join()).toMatch(/Waiting up to 60 s for node 1 \(.+\) to come back/)
    await eventually('it is heard', 10_000, () => fleet.absence(1) === null)
    startTrainer(fleet)
    await eventually('it works', 10_000, () => second.machine.trainers.length === 1)
  })

  it('starts nothing on a machine that came back with something else, until the next run', async () => {
    const { fleet, rendezvous } = await host()
    const first = agent(rendezvous)
    await fleet.prepare(wish)
    first.stop()
    await eventually('it is lost', 10_000, () => fleet.absence(1) !== null)
    const second = agent(rendezvous)
    const other = { ...offer, data: { ...offer.data, checksum: 'b' } }
    second.machine.prepare = async () => ({ offer: other, ownJob: (wanted) => wanted })
    await eventually('it is back', 10_000, () => fleet.absence(1) === null)
    const { heard } = startTrainer(fleet)
    await eventually('its trainer is lost', 10_000, () => heard.length === 2)
    expect(heard[0]).toMatch(/^lost node-lost node 1 \(.+\) came back with other devices, versions, data/)
    await eventually('none goes on', 10_000, () =>
      second.machine.trainers.every(({ wasKilled }) => wasKilled),
    )

    await fleet.prepare(wish)
    startTrainer(fleet)
    await eventually('it works', 10_000, () => second.machine.trainers.some(({ wasKilled }) => !wasKilled))
  })

  it('hears of the machine while trainers run there, with their names, by its own clock', async () => {
    const { fleet, rendezvous } = await host()
    const { machine } = agent(rendezvous)
    await fleet.prepare(wish)
    const samples: RunSample[] = []
    fleet.onSample((sample) => samples.push(sample))
    machine.sample(sampleOf(1))
    startTrainer(fleet)
    await eventually('it is watched', 10_000, () => machine.watched.length === 1)
    machine.sample(sampleOf(2))
    await eventually('it is heard', 10_000, () => samples.length > 0)
    const [sample] = samples
    expect(sample).toMatchObject({
      machine: 1,
      cpu: { cores: [0.2] },
      trainers: [{ pid: 1, name: 'DDP rank 1' }],
    })
    expect(sampledDevices(sample as RunSample).map(({ name }) => name)).toEqual([
      'node 1 CPU',
      'node 1 Core 0',
      'DDP rank 1',
    ])
  })

  it('plans without waiting, and without a change to the run that is under way', async () => {
    const { fleet, rendezvous } = await host()
    const plan = { ...wish, purpose: 'plan' } as const
    expect(await fleet.prepare(plan)).toEqual([])
    const { machine } = agent(rendezvous)
    await fleet.prepare(wish)
    machine.prepare = async () => ({
      offer: { ...offer, address: '127.0.0.2' },
      ownJob: () => {
        throw new Error('this was a plan')
      },
    })
    expect((await fleet.prepare(plan))[0]?.offer.address).toBe('127.0.0.2')
    startTrainer(fleet)
    await eventually('the run goes on', 10_000, () => machine.trainers.length === 1)
  })

  it('says whom a run waits for', async () => {
    const { fleet } = await host({ nodes: 3, joinMs: 300 })
    const heard: string[] = []
    await expect(fleet.prepare(wish, { onWaiting: (text) => heard.push(text) })).rejects.toMatchObject({
      code: 'node-missing',
    })
    expect(heard[0]).toBe('Waiting for node 1 and node 2')
  })

  it('tells what a machine refuses with its name', async () => {
    const { fleet, rendezvous } = await host()
    const { machine } = agent(rendezvous)
    machine.prepare = () => Promise.reject(new Error('no data here'))
    await expect(fleet.prepare(wish)).rejects.toMatchObject({
      message: expect.stringMatching(/^node 1 \(.+\): no data here$/) as string,
    })
  })
})
