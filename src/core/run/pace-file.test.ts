import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeRun } from './fake-run.fixture.js'
import { type Pace, paceKey, paceOf, usualPace } from './pace.js'
import { openPaceFile } from './pace-file.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-paces-'))
})
afterEach(() => rm(folder, { recursive: true }))

const pace = (imageMs: number, from: Pace['from'] = 'measurement'): Pace => ({
  from,
  fixedMs: 2_600,
  imageMs,
})

describe('the paces that are kept', () => {
  it('are there for the next run, the latest five of each strategy', async () => {
    const file = openPaceFile(join(folder, 'cache'))
    for (const imageMs of [1, 2, 3, 4, 5, 6]) await file.add('ddp', pace(imageMs))
    await file.add('single', pace(9))

    const kept = await openPaceFile(join(folder, 'cache')).read()
    expect(kept.get('ddp')?.map(({ imageMs }) => imageMs)).toEqual([2, 3, 4, 5, 6])
    expect(kept.get('single')).toEqual([pace(9)])
  })

  it.each([
    '',
    '{',
    '{"format":"tandem-paces","version":2,"paces":[]}',
    '{"paces":[["ddp",[{"imageMs":-1}]]]}',
  ])('are none in a file that holds %j, which is written anew', async (content) => {
    await writeFile(join(folder, 'paces.json'), content)
    const file = openPaceFile(folder)
    expect((await file.read()).size).toBe(0)
    await file.add('ddp', pace(1))
    expect((await file.read()).size).toBe(1)
  })

  it('cost no run where they cannot be kept', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openPaceFile(join(folder, 'file', 'cache')).add('ddp', pace(1))).resolves.toBeUndefined()
  })
})

describe('a pace', () => {
  it('is the middle of what was measured; trials count only before', () => {
    expect(usualPace([])).toBeNull()
    expect(usualPace([pace(8, 'trial')])?.imageMs).toBe(8)
    expect(usualPace([pace(8, 'trial'), pace(2), pace(30), pace(3)])?.imageMs).toBe(3)
  })

  it('has a key of its own for everything that it depends on', () => {
    const run = fakeRun()
    const [single, , dp] = run.measurements
    if (single === undefined || dp === undefined) throw new Error('no plan')
    const keys = [
      paceKey(single, run),
      paceKey(dp, run),
      paceKey({ ...single, globalBatchSize: 99 }, run),
      paceKey(single, { ...run, configuration: { ...run.configuration, precision: 'mixed' } }),
      paceKey(single, { ...run, machine: { ...run.machine, cpuModel: 'Another CPU' } }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(paceKey({ ...single, block: 2 }, run)).toBe(keys[0])
  })

  it('leaves tuning out of what every measurement takes', () => {
    const [planned] = fakeRun().measurements
    if (planned === undefined) throw new Error('no plan')
    const epoch = {
      epoch: 0,
      loss: 2,
      seconds: 1.5,
      images: 600,
      steps: 10,
      testAccuracy: null,
      parameterChecksum: '',
    }
    const measured = { ...planned, status: 'completed' as const, epochs: [epoch, { ...epoch, epoch: 1 }] }
    const tuned = { tuneMs: 4_000, convolutions: 3, timed: 3, cached: 0, changed: 1 }
    expect(paceOf(measured, 5_500)).toEqual({ from: 'measurement', fixedMs: 2_500, imageMs: 2.5 })
    expect(paceOf({ ...measured, autotune: tuned }, 9_500)?.fixedMs).toBe(2_500)
    expect(paceOf({ ...measured, status: 'failed' }, 5_500)).toBeNull()
  })
})
