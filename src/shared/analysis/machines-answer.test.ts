import { describe, expect, it } from 'vitest'
import type { Device } from '../machine/device.js'
import { measurementOf, resultsOf } from '../report/run-results.fixture.js'
import type { Measurement, Results } from '../results/results.js'
import { analyseRun } from './run-analysis.js'

const device = (machine: number, index = 0): Device => ({
  kind: 'cpu',
  index,
  description: `CPU device, cores ${index}`,
  cores: [index],
  machine,
})

/** DDP on two machines of one device each, with what only such a run knows. */
function ddpOnTwo(block: number, changes: Partial<Measurement> = {}): Measurement {
  return {
    ...measurementOf('ddp', block),
    title: 'DDP x2, 2 machines',
    devices: [device(0), device(1)],
    allReduces: [
      { bytes: 65_536, ms: 1 },
      { bytes: 44_700_000, ms: 376 },
    ],
    clocks: [
      { machine: 1, offsetMs: 2_500.0123, uncertaintyMs: 0.05, driftPpm: 100.2, driftUncertaintyPpm: 1.5 },
    ],
    ...changes,
  }
}

function runOnTwo(changes: Partial<Measurement> = {}, linkBitsPerSecond: number | null = 1e9): Results {
  const blocks = [0, 1, 2].flatMap((block) => [measurementOf('single', block), ddpOnTwo(block, changes)])
  const run = resultsOf(blocks)
  const link = { interfaceName: 'eth0', bitsPerSecond: linkBitsPerSecond, note: null }
  const machine = { ...run.machine, link }
  return { ...run, machine, otherMachines: [machine] }
}

describe('what several machines bring', () => {
  it('is said against one machine, by step, by link and by clock', () => {
    expect(analyseRun(runOnTwo()).machines).toEqual([
      expect.stringMatching(
        /^DDP x2, 2 machines is 1\.5\d+x( \(unreliable\))? as fast as Single \(95 % interval .* to .*\): 7\d\.\d % of what 2 machines could bring\.$/,
      ),
      // An exchange of 17 % of 64 ms, but for half a millisecond of waiting for the slower rank.
      expect.stringMatching(/^The network between machines costs a step of DDP x2, 2 machines 10\.\d ms, /),
      'By itself, an all-reduce of DDP x2, 2 machines reaches 951 Mbit/s (busbw), 95.1 % of the link (1 Gbit/s).',
      'The clock of node 1 is 2500.012 ms ahead (± 0.050 ms, drift 100.2 ± 1.5 ppm); its times are put right, and arrivals are not compared below that.',
      'What each gradient bucket of DDP x2, 2 machines adds to a step is not known: TensorFlow exchanges them inside the compiled step, which tells none apart.',
    ])
  })

  it('is nothing for a run on one machine', () => {
    expect(analyseRun(resultsOf([measurementOf('single', 0), measurementOf('ddp', 0)])).machines).toEqual([])
  })

  it('says a bandwidth without a share where nobody knows the link', () => {
    expect(analyseRun(runOnTwo({}, null)).machines).toContain(
      'By itself, an all-reduce of DDP x2, 2 machines reaches 951 Mbit/s (busbw); the links are eth0, speed not known.',
    )
  })

  it('has the border between machines as a bar of its own, and no other all-reduce where each has one device', () => {
    const bars = analyseRun(runOnTwo())
      .waterfalls.at(-1)
      ?.waterfall.bars.map(({ name }) => name)
    expect(bars).toContain('between-machines')
    expect(bars).not.toContain('all-reduce')
  })

  it('holds several devices a machine against as many on one of them', () => {
    const onOne = {
      ...measurementOf('ddp', 0),
      id: 'ddp@2',
      title: 'DDP x2, 1 machine',
      devices: [device(0), device(0, 1)],
    }
    const ranks = [...onOne.ranks, ...onOne.ranks].map(({ steps }, rank) => ({
      rank,
      steps: steps.map((step) => ({
        ...step,
        stepMs: step.stepMs + 20,
        communicationMs: step.communicationMs + 20,
      })),
    }))
    const onTwo: Measurement = {
      ...onOne,
      ...{ id: 'ddp', title: 'DDP x4, 2 machines', worldSize: 4, ranks },
      devices: [device(0), device(0, 1), device(1), device(1, 1)],
    }
    const { waterfalls } = analyseRun(resultsOf([measurementOf('single', 0), onOne, onTwo]))
    const bars = waterfalls.find(({ id }) => id === 'ddp')?.waterfall.bars ?? []
    const ms = Object.fromEntries(bars.map(({ name, msPerStep }) => [name, msPerStep]))
    const alone = waterfalls.find(({ id }) => id === 'ddp@2')?.waterfall.bars ?? []
    const exposed = alone.find(({ name }) => name === 'all-reduce')?.msPerStep ?? 0
    // The ring's share of four ranks is 3/4, of two 1/2.
    expect(ms['all-reduce']).toBeCloseTo(exposed * 1.5)
    expect((ms['all-reduce'] ?? 0) + (ms['between-machines'] ?? 0)).toBeCloseTo(exposed + 20)
  })

  it('does not compare arrivals below what clocks can be off by', () => {
    const names = (uncertaintyMs: number) => {
      const clocks = [{ machine: 1, offsetMs: 0, uncertaintyMs, driftPpm: 0, driftUncertaintyPpm: 1 }]
      return analyseRun(runOnTwo({ clocks }))
        .waterfalls.at(-1)
        ?.waterfall.bars.map(({ name }) => name)
    }
    expect(names(0.1)).toContain('straggler-wait')
    expect(names(5)).not.toContain('straggler-wait')
  })

  it('goes by the link in the limits: what was timed by itself is what each link carries', () => {
    const [limits] = analyseRun(runOnTwo()).limits
    expect(limits?.bandwidth).toMatchObject({ isAlone: true })
    // The gradients of the run's own model, at the bandwidth that was timed.
    expect(((limits?.bandwidth?.busBytesPerSecond ?? 0) * 8) / 1e9).toBeCloseTo(0.951, 2)
  })

  it('has all-reduces by size, the median of the repeats', () => {
    const [table, ...others] = analyseRun(runOnTwo()).machineTables
    expect(table?.columns).toEqual(['All-reduce of', 'Size', 'Time', 'algbw', 'busbw'])
    expect(table?.rows).toEqual([
      { key: 'ddp 65536', cells: ['DDP x2, 2 machines', '64.0 KiB', '1.00 ms', '524 Mbit/s', '524 Mbit/s'] },
      {
        key: 'ddp 44700000',
        cells: ['DDP x2, 2 machines', '42.6 MiB', '376.0 ms', '951 Mbit/s', '951 Mbit/s'],
      },
    ])
    expect(others).toEqual([])
  })

  it('has what each gradient bucket adds, all of it between machines where they have a device each', () => {
    const buckets = [
      { bytes: 2 ** 20, exposedMs: 0.5 },
      { bytes: 25 * 2 ** 20, exposedMs: 12 },
    ]
    const { machineTables, machines } = analyseRun(runOnTwo({ buckets }))
    expect(machineTables.at(-1)?.rows.map(({ cells }) => cells)).toEqual([
      ['Bucket 1 of 2', '1.0 MiB', '0.5 ms', '0.0 ms', '0.5 ms'],
      ['Bucket 2 of 2', '25.0 MiB', '12.0 ms', '0.0 ms', '12.0 ms'],
    ])
    expect(machines.join()).not.toContain('gradient bucket')
  })

  it('holds buckets against the same ones on one machine, and says where there is none', () => {
    const four = { devices: [device(0), device(0, 1), device(1), device(1, 1)], worldSize: 4 }
    const buckets = [{ bytes: 2 ** 20, exposedMs: 9 }]
    const run = runOnTwo({ ...four, buckets })
    const onOne: Measurement = {
      ...measurementOf('ddp', 0),
      id: 'ddp@2',
      devices: [device(0), device(0, 1)],
      buckets: [{ bytes: 2 ** 20, exposedMs: 4 }],
    }
    const cells = (measurements: Measurement[]) =>
      analyseRun({ ...run, measurements })
        .machineTables.at(-1)
        ?.rows[0]?.cells.slice(2)
    // A ring of 4 carries 3/4 where one of 2 carries 1/2.
    expect(cells([...run.measurements, onOne])).toEqual(['9.0 ms', '6.0 ms', '3.0 ms'])
    expect(cells(run.measurements)).toEqual(['9.0 ms', 'not known', 'not known'])
  })
})
