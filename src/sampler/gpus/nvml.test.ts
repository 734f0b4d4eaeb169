import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import { nodeBinaries } from '../../child/test-support/node-binaries.js'
import { type GpuSample, noGpuFigures, type TelemetrySample } from '../../shared/child/telemetry.js'
import { type CLibrary, compileLibrary, noCompiler } from '../test-support/c-library.js'
import { environmentWith, type SamplerProgram, startSampler } from '../test-support/sampler-program.js'

const gpu0: GpuSample = {
  index: 0,
  id: 'GPU-00001111-2222-3333-4444-555555555555',
  model: 'NVIDIA Pretend 0',
  state: 'ok',
  utilisation: 0.75,
  memoryUsedBytes: 30 * 2 ** 30,
  memoryTotalBytes: 80 * 2 ** 30,
  powerWatts: 312.5,
  powerLimitWatts: 700,
  temperatureCelsius: 64,
  coreClockMegahertz: 1755,
  memoryClockMegahertz: 2619,
  throttleReasons: ['power limit', 'temperature limit'],
  processes: [{ pid: 1000, memoryBytes: 5 * 2 ** 30 }],
}
const gpu1: GpuSample = {
  ...gpu0,
  index: 1,
  id: 'GPU-00011111-2222-3333-4444-555555555555',
  model: 'NVIDIA Pretend 1',
  utilisation: 0.76,
  throttleReasons: [],
  processes: [],
}
const lost1: GpuSample = { ...gpu1, state: 'lost', ...noGpuFigures }

const anySample = () => true

let sampler: BuiltEntry
beforeAll(async () => {
  sampler = await buildForNode('sampler/index.ts', 'child/watchdog-worker.ts')
})
afterAll(() => sampler.dispose())

// The real program loads the fake library as it would the real one: by its name.
describe.skipIf(noCompiler !== '').each(nodeBinaries)(`NVML under $name${noCompiler}`, ({ path }) => {
  const libraries: CLibrary[] = []
  const programs: SamplerProgram[] = []
  afterEach(async () => {
    for (const { process } of programs) process.kill('SIGKILL')
    await Promise.all(programs.splice(0).map(({ exit }) => exit))
    for (const library of libraries.splice(0)) library.dispose()
  })

  function start(definitions: Record<string, number> = {}, environment: NodeJS.ProcessEnv = {}) {
    const library = compileLibrary('fake-nvml.c', 'libnvidia-ml.so.1', definitions)
    libraries.push(library)
    const program = startSampler(path ?? '', sampler.path, {
      ...environmentWith({ libraries: library.folder }),
      ...environment,
    })
    programs.push(program)
    return program
  }
  async function gpusOf(program: SamplerProgram, fits: (sample: TelemetrySample) => boolean = anySample) {
    return (await program.sampleWhere(fits)).gpus
  }

  const test = it.skipIf(path === null)

  test('shows everything of a healthy GPU', async () => {
    const program = start()
    expect(await program.ready).toMatchObject({ gpuSources: ['nvml'], problems: [] })
    expect(await gpusOf(program)).toEqual([gpu0, gpu1])
  })

  test('ends by itself when told to', async () => {
    const program = start()
    await program.sampleWhere(anySample)
    program.send({ type: 'stop' })
    expect(await program.exit).toBe(0)
  })

  test('leaves out what a GPU does not support', async () => {
    const unknown = {
      powerWatts: null,
      powerLimitWatts: null,
      coreClockMegahertz: null,
      memoryClockMegahertz: null,
      throttleReasons: null,
      processes: null,
    }
    expect(await gpusOf(start({ SUPPORTS_LITTLE: 1 }))).toEqual([
      { ...gpu0, ...unknown },
      { ...gpu1, ...unknown },
    ])
  })

  test('finds functions by the names they had in older drivers', async () => {
    expect(await gpusOf(start({ OLD_DRIVER: 1 }))).toEqual([gpu0, gpu1])
  })

  test('leaves out what a driver has no function for', async () => {
    expect(await gpusOf(start({ BARE: 1 }))).toEqual([
      { ...gpu0, ...noGpuFigures },
      { ...gpu1, ...noGpuFigures },
    ])
  })

  test('lists many processes, the memory of some unknown', async () => {
    const [gpu] = await gpusOf(start({ PROCESSES: 100 }))
    expect(gpu?.processes).toHaveLength(100)
    expect(gpu?.processes?.[98]).toEqual({ pid: 1098, memoryBytes: 5 * 2 ** 30 + 98 })
    expect(gpu?.processes?.[99]).toEqual({ pid: 1099, memoryBytes: null })
  })

  test.each([
    ['is lost', 15],
    ['requires a reset', 16],
    ['is not found', 6],
  ])('shows a GPU as lost that %s while others go on', async (_what, status) => {
    const program = start({ VANISHES_AFTER: 3, VANISH_STATUS: status })
    expect(await gpusOf(program)).toEqual([gpu0, gpu1])
    expect(await gpusOf(program, ({ gpus }) => gpus[1]?.state === 'lost')).toEqual([gpu0, lost1])
  })

  test('has no figures where a driver sets all bits', async () => {
    const { processes, ...none } = noGpuFigures
    const [first] = await gpusOf(start({ SENTINELS: 1 }))
    expect(first).toEqual({ ...gpu0, ...none, memoryUsedBytes: null })
  })

  test('shows a GPU as lost at whose memory the driver fails', async () => {
    expect(await gpusOf(start({ MEMORY_STATUS: 999 }))).toEqual([gpu0, lost1])
  })

  test('shows MIG instances that CUDA_VISIBLE_DEVICES names, and says which are not there', async () => {
    const program = start({ MIG: 1 }, { CUDA_VISIBLE_DEVICES: 'MIG-00011111-2222,MIG-9' })
    expect((await program.ready).problems).toEqual([expect.stringMatching(/^MIG-9 is not shown: NVML says /)])
    expect(await gpusOf(program)).toEqual([{ ...gpu1, index: 0, id: 'MIG-00011111-2222' }])
  })

  test('names what hides GPUs', async () => {
    const program = start({}, { CUDA_VISIBLE_DEVICES: '0,0' })
    expect((await program.ready).problems).toEqual([
      '2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=0,0: it names GPU 0 twice, so CUDA shows none.',
    ])
    expect(await gpusOf(program)).toEqual([])
  })

  test('falls silent when a call hangs, and can be killed then', async () => {
    const program = start({ HANGS_AFTER: 2 })
    let samples = 0
    const watching = program.sampleWhere(() => {
      samples++
      return false
    })
    await vi.waitFor(() => expect(samples).toBe(2), { timeout: 30_000 })
    await setTimeout(1_000)
    expect(samples).toBe(2)

    program.process.kill('SIGKILL')
    await expect(watching).rejects.toThrow(/it ended \(SIGKILL\)/)
  })

  test('says which GPU cannot be reached from the start', async () => {
    const program = start({ HANDLE_STATUS: 15 })
    expect((await program.ready).problems).toEqual(['GPU 1 is not shown: NVML says GPU is lost (status 15).'])
    expect(await gpusOf(program)).toEqual([gpu0])
  })

  test('says why it cannot be used', async () => {
    const program = start({ INIT_STATUS: 9 })
    expect(await program.ready).toMatchObject({
      gpuSources: [],
      problems: ["NVIDIA's GPUs are not shown: NVML says Driver Not Loaded (status 9)."],
    })
    expect(await gpusOf(program)).toEqual([])
  })

  test('says so when it is not whole and there is no nvidia-smi', async () => {
    const program = start({ EMPTY: 1 })
    expect((await program.ready).problems).toEqual([
      expect.stringMatching(/^NVML cannot be used: .*nvmlInit_v2/),
    ])
  })

  test('shows the GPUs that CUDA would', async () => {
    expect(await gpusOf(start({}, { CUDA_VISIBLE_DEVICES: '1' }))).toEqual([gpu1])
    expect(await gpusOf(start({}, { CUDA_VISIBLE_DEVICES: 'GPU-0000' }))).toEqual([gpu0])
    expect(await gpusOf(start({}, { CUDA_VISIBLE_DEVICES: '' }))).toEqual([])
  })
})
