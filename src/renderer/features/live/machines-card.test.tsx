// @vitest-environment happy-dom
import { act } from 'react'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { noGpuFigures } from '../../../shared/child/telemetry.js'
import {
  groupSteps,
  plannedMeasurement,
  runSample,
  runStarted,
} from '../../../shared/live/live-run.fixture.js'
import { LiveRun } from '../../../shared/live/live-run.js'
import type { Device } from '../../../shared/machine/device.js'
import type { Results } from '../../../shared/results/results.js'
import { RunView } from '../../state/run-view.js'
import { exampleResults } from '../../test-support/example-run.js'
import { renderPage, textsOf } from '../../test-support/render-page.js'
import { MachinesCard } from './machines-card.js'

let example: Results
beforeAll(async () => {
  example = await exampleResults()
})
beforeEach(() => sessionStorage.clear())

/** DDP on three machines with two GPUs each, of which the last has another driver and comes late. */
function runOnThree(): LiveRun {
  const devices = Array.from(
    { length: 6 },
    (_, rank): Device => ({
      kind: 'gpu',
      index: rank % 2,
      description: 'H100',
      cores: [],
      machine: Math.floor(rank / 2),
    }),
  )
  const ddp = plannedMeasurement('ddp', { devices, worldSize: 6 })
  const started = runStarted([ddp])
  const named = (hostName: string, changes = {}) => ({ ...started.machine, hostName, ...changes })
  const run = LiveRun.begin({
    ...started,
    machine: named('atlas'),
    otherMachines: [named('borealis'), named('cygnus', { gpuDriverVersion: '550.1' })],
  })
  if (run === null) throw new Error('not begun')
  run.apply({ type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 10 })
  run.apply({ type: 'steps', id: 'ddp', steps: groupSteps(0, 4, { lateMs: [0, 1, 0, 1, 8, 9] }) })
  for (const machine of [0, 1, 2]) {
    const gpus = [0.8, 0.9].map((utilisation, index) => ({
      index,
      id: `GPU-${index}`,
      model: 'H100',
      state: 'ok' as const,
      ...noGpuFigures,
      utilisation,
      throttleReasons: [],
      processes: null,
    }))
    run.apply({ type: 'telemetry', samples: [{ ...runSample(1_000_500, { gpus }), machine }] })
  }
  return run
}

const render = (run: LiveRun) => renderPage(example, <MachinesCard view={new RunView(run)} repeat={null} />)

async function press(page: ParentNode, text: string): Promise<void> {
  const button = [...page.querySelectorAll('button')].find(({ textContent }) => textContent?.startsWith(text))
  if (button === undefined) throw new Error(`there is no button ${text}`)
  await act(async () => button.click())
}

const expanded = (page: ParentNode): (string | null)[] =>
  [...page.querySelectorAll('button[aria-expanded]')].map((button) => button.getAttribute('aria-expanded'))

it('is not there for a run on one machine', async () => {
  const run = LiveRun.begin(runStarted([]))
  if (run === null) throw new Error('not begun')
  expect((await render(run)).querySelector('section')).toBeNull()
})

it('says folded how many machines there are, and which one is not as the others are', async () => {
  const page = await render(runOnThree())
  expect(textsOf(page, 'section')).toEqual(['3 machinesNode 2 differs in GPU driver'])
  expect(expanded(page)).toEqual(['false'])
})

it('has a row a machine with median and range of its devices, and how far its ranks are behind', async () => {
  const page = await render(runOnThree())
  await press(page, '3 machines')

  const rows = [...page.querySelectorAll('table')].at(-1)?.querySelectorAll('tbody tr') ?? []
  const cells = [...rows].map((row) => textsOf(row, 'th, td'))
  expect(cells.map(([name, devices, utilisation]) => [name, devices, utilisation])).toEqual([
    ['node 0atlas', '2', '85 (80 to 90)'],
    ['node 1borealis', '2', '85 (80 to 90)'],
    ['node 2cygnusDiffers', '2', '85 (80 to 90)'],
  ])
  expect(cells.map((row) => row.at(-1))).toEqual(['0.5 (0.0 to 1.0)', '0.5 (0.0 to 1.0)', '8.5 (8.0 to 9.0)'])
})

it('has the devices of an unfolded one, and of its passport first what differs', async () => {
  const page = await render(runOnThree())
  await press(page, '3 machines')
  await press(page, 'node 2')

  expect(textsOf(page, 'tbody th[scope="row"]')).toEqual([
    'node 0atlas',
    'node 1borealis',
    'node 2cygnusDiffers',
    'GPU:0, rank 4',
    'GPU:1, rank 5',
  ])
  expect(textsOf(page, 'dl[aria-label="Passport of node 2"] > div')[0]).toBe('GPU driver550.1')
})

it('stays as it was left when the screen is left and seen again', async () => {
  const first = await render(runOnThree())
  await press(first, '3 machines')
  await press(first, 'node 1')
  const left = expanded(first)

  expect(expanded(await render(runOnThree()))).toEqual(left)
  expect(left).toEqual(['true', 'false', 'true', 'false'])
})

it('unfolds and folds all at once', async () => {
  const page = await render(runOnThree())
  await press(page, '3 machines')
  await press(page, 'Unfold all')
  expect(expanded(page)).toEqual(['true', 'true', 'true', 'true'])
  await press(page, 'Fold all')
  expect(expanded(page)).toEqual(['true', 'false', 'false', 'false'])
})
