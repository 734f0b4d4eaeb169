import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import { type CLibrary, compileLibrary, noCompiler } from '../../sampler/test-support/c-library.js'
import { environmentWith } from '../../sampler/test-support/sampler-program.js'
import { hopelessOutputs } from '../../shared/nvidia/hopeless-smi-outputs.fixture.js'
import {
  detectionRow,
  partlyGoodOutputs,
  type SmiOutput,
  uuidOf,
} from '../../shared/nvidia/smi-outputs.fixture.js'
import { childEnvironment } from '../child/child-program.js'
import { spawnNodeChild } from '../child/node-child.js'
import { readGpuList } from '../devices/gpus.js'
import { defaultTelemetryLimits } from '../telemetry/telemetry-limits.js'
import {
  checkDetection,
  checkDriver,
  checkGpuLimits,
  checkGpuPower,
  checkNvml,
  takeGpuTelemetry,
} from './gpu-checks.js'

const detected = ({ stdout, stderr = '', exitCode = 0 }: SmiOutput) =>
  readGpuList({ ending: 'exited', exitCode, stdout: stdout(detectionRow), stderr }, 10_000)
const twoGood = detected(partlyGoodOutputs[0] as SmiOutput)
const none = { gpus: [], driverVersion: null, problems: [] }

describe('doctor of what nvidia-smi lists', () => {
  it.each(partlyGoodOutputs.filter(({ says }) => says !== null))('warns, and goes on: $what', (output) => {
    const finding = checkDetection(detected(output))
    expect(finding).toMatchObject({ status: 'warn', found: expect.stringMatching(output.says as RegExp) })
    expect(finding.advice).not.toBe('')
  })

  it.each(hopelessOutputs)('finds the fault: $what', (output) => {
    expect(checkDetection(detected(output))).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(output.says as RegExp),
      advice: expect.stringMatching(/\.$|--shutdown$/),
    })
  })

  it('is at ease with a machine that has no GPU, or two', () => {
    expect(checkDetection(none)).toMatchObject({ status: 'skipped' })
    expect(checkDetection(twoGood)).toMatchObject({
      status: 'pass',
      found: expect.stringMatching(/GPU 0 NVIDIA H100/),
    })
  })

  it.each([
    ['570.86.15', 'pass'],
    ['525.60.13', 'pass'],
    ['470.82.01', 'fail'],
    [null, 'warn'],
  ])('judges driver %s: %s', (driverVersion, status) => {
    expect(checkDriver({ ...twoGood, driverVersion })).toMatchObject({ status })
  })
})

describe.skipIf(process.platform === 'win32')('doctor of what limits a GPU', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-limits-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** An nvidia-smi with these cells for each GPU: power limit and default, application clock and default. */
  async function check(...rows: string[]) {
    const lines = rows.map((cells, index) => `${index}, ${uuidOf(index)}, ${cells}, NVIDIA H100 80GB HBM3`)
    await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\necho '${lines.join('\n')}'\n`, { mode: 0o755 })
    return await checkGpuLimits(twoGood, { PATH: `${folder}:/bin:/usr/bin` })
  }

  it.each<[string[], string, RegExp]>([
    [['700.00, 700.00, 1980, 1980', '700.00, 700.00, [N/A], [N/A]'], 'pass', /no further than the boards/],
    [
      ['400.00, 700.00, 1980, 1980', '700.00, 700.00, 1980, 1980'],
      'warn',
      /^GPU 0: power limited to 400 of 700 W$/,
    ],
    [
      ['700.00, 700.00, 1980, 1980', '700.00, 700.00, 1200, 1980'],
      'warn',
      /^GPU 1: clocks limited to 1200 of 1980 MHz$/,
    ],
    [
      ['300,00, 700,00, 900, 1980'],
      'warn',
      /power limited to 300 of 700 W; GPU 0: clocks limited to 900 of 1980 MHz$/,
    ],
    [['4294967295, 700.00, [Requested functionality has been deprecated], [N/A]'], 'pass', /no further/],
    [[], 'skipped', /does not say/],
  ])('%j: %s', async (rows, status, found) => {
    expect(await check(...rows)).toMatchObject({ status, found: expect.stringMatching(found) })
  })
})

describe.skipIf(noCompiler !== '')(`doctor of NVML, through the real sampler${noCompiler}`, () => {
  let sampler: BuiltEntry
  const libraries: CLibrary[] = []
  beforeAll(async () => {
    sampler = await buildForNode('sampler/index.ts', 'child/watchdog-worker.ts')
  })
  afterAll(async () => {
    for (const library of libraries) library.dispose()
    await sampler.dispose()
  })

  async function ask(definitions: Record<string, number> = {}, limitMs = 20_000) {
    const library = compileLibrary('fake-nvml.c', 'libnvidia-ml.so.1', definitions)
    libraries.push(library)
    const host = {
      spawn: spawnNodeChild,
      entry: sampler.path,
      environment: childEnvironment(environmentWith({ libraries: library.folder })),
      intervalMs: 50,
      limits: defaultTelemetryLimits,
    }
    return await takeGpuTelemetry(host, limitMs)
  }

  it.each<[string, Record<string, number>, string, RegExp]>([
    ['a driver that is not loaded', { INIT_STATUS: 9 }, 'warn', /0 GPUs .*Driver Not Loaded/],
    ['a GPU without a handle', { HANDLE_STATUS: 15 }, 'warn', /GPU 1 is not shown: NVML says GPU is lost/],
    ['a GPU that is lost', { VANISHES_AFTER: 0 }, 'fail', /^GPU 1 lost$/],
    ['a GPU whose memory cannot be read', { MEMORY_STATUS: 999 }, 'fail', /^GPU 1 lost$/],
    ['a library without functions', { EMPTY: 1 }, 'warn', /NVML cannot be used/],
  ])('finds %s', async (_what, definitions, status, found) => {
    expect(checkNvml(twoGood, await ask(definitions))).toMatchObject({
      status,
      found: expect.stringMatching(found),
      advice: expect.any(String),
    })
  })

  it('finds a call that hangs, and ends it', async () => {
    const telemetry = await ask({ HANGS_AFTER: 0 }, 3_000)
    expect(checkNvml(twoGood, telemetry)).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/hangs/),
    })
  })

  it('passes a sound one, but for GPUs that run too hot', async () => {
    const telemetry = await ask()
    expect(checkNvml(twoGood, telemetry)).toMatchObject({ status: 'pass', found: '2 GPUs through nvml' })
    expect(checkGpuPower(telemetry)).toMatchObject({ status: 'fail', found: 'GPU 0: temperature limit' })
    const cool = telemetry.sample && {
      ...telemetry.sample,
      gpus: telemetry.sample.gpus.map((gpu) => ({ ...gpu, throttleReasons: [] })),
    }
    expect(checkGpuPower({ ...telemetry, sample: cool })).toMatchObject({
      status: 'pass',
      found: 'GPU 0: 1755 MHz, cap 700 W; GPU 1: 1755 MHz, cap 700 W',
    })
  })
})
