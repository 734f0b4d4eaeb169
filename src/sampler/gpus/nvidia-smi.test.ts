import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isRunning } from '../../child/process-state.js'
import type { GpuSample } from '../../shared/child/telemetry.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { answering, partlyGoodOutputs, samplingRow, uuidOf } from '../../shared/nvidia/smi-outputs.fixture.js'
import type { GpuSource } from './gpu-source.js'
import { openNvidiaSmi } from './nvidia-smi.js'

const line = (index: number) =>
  `${index}, GPU-${index}${index}, 50, 1024, 2048, 100.0, 300.0, 40, 1000, 2000, 0x4, NVIDIA ${index}`
const forever = (body: string) => `while :; do ${body}; sleep 0.05; done`
const patience = { timeout: 30_000, interval: 50 }

describe.skipIf(process.platform === 'win32')('nvidia-smi in its loop', () => {
  let folder: string
  let source: GpuSource | null = null
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-smi-'))
  })
  afterEach(async () => {
    source?.close()
    source = null
    for (const pid of started()) await vi.waitFor(() => expect(isRunning(pid)).toBe(false), patience)
    rmSync(folder, { recursive: true })
  })

  /** A program of this name that writes its pid and its parameters down before it runs `body`. */
  function install(body: string) {
    const path = join(folder, 'nvidia-smi')
    writeFileSync(path, `#!/bin/sh\necho $$ >> ${folder}/pids\necho "$@" >> ${folder}/parameters\n${body}\n`)
    chmodSync(path, 0o755)
  }
  async function open(body: string, environment: NodeJS.ProcessEnv = {}) {
    install(body)
    const opening = await openNvidiaSmi({ PATH: `${folder}:/bin:/usr/bin`, ...environment }, 50)
    if (opening.kind === 'opened') source = opening.source
    return opening
  }
  function written(file: string): string[] {
    const path = join(folder, file)
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
  }
  const started = () => written('pids').map(Number)
  const sample = () => source?.sample(monotonicNowMs()) ?? []
  const states = () => sample().map((gpu: GpuSample) => gpu.state)

  it('shows every GPU that it lists', async () => {
    expect(await open(forever(`echo "${line(0)}"; echo "${line(1)}"`))).toMatchObject({
      kind: 'opened',
      problems: [],
    })
    await vi.waitFor(() => expect(states()).toEqual(['ok', 'ok']), patience)
    expect(sample()[1]).toMatchObject({
      index: 1,
      id: 'GPU-11',
      model: 'NVIDIA 1',
      powerWatts: 100,
      throttleReasons: ['power limit'],
    })
    expect(written('parameters')[0]).toMatch(
      /^--query-gpu=index,uuid,\S+,name --format=csv,noheader,nounits -lms 50$/,
    )
  })

  it('shows the GPUs that CUDA would', async () => {
    await open(forever(`echo "${line(0)}"; echo "${line(1)}"`), { CUDA_VISIBLE_DEVICES: '1' })
    await vi.waitFor(() => expect(sample().map(({ index }) => index)).toEqual([1]), patience)
  })

  it.each([
    ['the newer name of a field', 'clocks_event', 'clocks_throttle_reasons.active'],
    ['a field by either name', '_reasons', 'clocks.mem,index,name'],
  ])('is asked in another way when it is too old to know %s', async (_what, unknown, asked) => {
    const refuse = `case "$1" in *${unknown}*) echo 'Field "x" is not a valid field to query.'; exit 2;; esac`
    await open(`${refuse}\n${forever(`echo "${line(0)}"`)}`)
    await vi.waitFor(() => expect(states()).toEqual(['ok']), patience)
    expect(written('parameters').at(-1)).toContain(asked)
  })

  it.each(partlyGoodOutputs)('goes on with the good ones: $what', async (output) => {
    const opening = await open(answering(output))
    expect(opening.kind).toBe('opened')
    const good = sample().filter(({ state }) => state === 'ok')
    expect(good.map(({ index }) => index)).toEqual(output.good)
    const problems = opening.kind === 'opened' ? opening.problems : []
    if (output.says === null) expect(problems).toEqual([])
    else expect(problems.join(' ')).toMatch(output.says)
  })

  it('loses a GPU by its number, while others go on', async () => {
    const lost = samplingRow(1, { all: '[GPU is lost]' })
    const later = `[ -e ${folder}/later ] && second='${lost}'`
    const body = `echo "$first"; echo "$second"; ${later}; touch ${folder}/later`
    await open(`first='${samplingRow(0)}'; second='${samplingRow(1)}'\n${forever(body)}`)
    await vi.waitFor(() => expect(states()).toEqual(['ok', 'lost']), patience)
    expect(sample()[1]).toMatchObject({ index: 1, id: uuidOf(1) })
  })

  it('names what hides GPUs', async () => {
    const opening = await open(forever(`echo "${line(0)}"; echo "${line(1)}"`), {
      CUDA_VISIBLE_DEVICES: 'none',
    })
    expect(opening).toMatchObject({
      kind: 'opened',
      problems: [expect.stringMatching(/^2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=none: /)],
    })
    expect(sample()).toEqual([])
  })

  it.each([
    ['fails', 'echo "NVIDIA-SMI has failed."; exit 9', /nvidia-smi: NVIDIA-SMI has failed\.$/],
    ['says nothing', 'exit 1', /ended without a word/],
    ['finds nothing', 'echo "No devices were found"; exit 6', /No devices were found/],
    ['knows no field', 'echo "not a valid field to query"; exit 2', /knows none of the fields/],
  ])('has failed when it %s at once', async (_what, body, problem) => {
    expect(await open(body)).toEqual({ kind: 'failed', problem: expect.stringMatching(problem) })
  })

  it('is absent where there is none', async () => {
    expect(await openNvidiaSmi({ PATH: folder }, 50)).toEqual({ kind: 'absent' })
  })

  it('is not waited for when it is slow, and shows GPUs when it has them', async () => {
    expect(await open(`sleep 2.5\n${forever(`echo "${line(0)}"`)}`)).toMatchObject({ kind: 'opened' })
    expect(sample()).toEqual([])
    await vi.waitFor(() => expect(states()).toEqual(['ok']), patience)
    expect(started()).toHaveLength(1)
  })

  it('is started again when it ends', async () => {
    await open(`echo "${line(0)}"; exit 0`)
    await vi.waitFor(() => expect(started().length).toBeGreaterThan(1), patience)
  })

  it('is killed when it hangs, its GPUs lost meanwhile, and started again', async () => {
    await open(
      `echo "${line(0)}"\n[ -e ${folder}/again ] && ${forever(`echo "${line(0)}"`)}\ntouch ${folder}/again\nexec sleep 60`,
    )
    expect(states()).toEqual(['ok'])
    await vi.waitFor(() => expect(states()).toEqual(['lost']), patience)
    await vi.waitFor(() => expect(states()).toEqual(['ok']), patience)
    expect(isRunning(started()[0] ?? 0)).toBe(false)
    expect(sample()).toMatchObject([{ index: 0, id: 'GPU-00', model: 'NVIDIA 0' }])
  })

  it('may list a GPU no more, which is then lost', async () => {
    await open(`echo "${line(1)}"\n${forever(`echo "${line(0)}"`)}`)
    await vi.waitFor(() => expect(states()).toEqual(['ok', 'lost']), patience)
    expect(started()).toHaveLength(1)
  })
})
