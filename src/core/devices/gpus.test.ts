import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hopelessOutputs } from '../../shared/nvidia/hopeless-smi-outputs.fixture.js'
import {
  answering,
  detectionRow,
  partlyGoodOutputs,
  type SmiOutput,
  uuidOf,
} from '../../shared/nvidia/smi-outputs.fixture.js'
import { detectGpus, readGpuList } from './gpus.js'

const listed = (output: SmiOutput) =>
  readGpuList(
    {
      ending: 'exited',
      exitCode: output.exitCode ?? 0,
      stdout: output.stdout(detectionRow),
      stderr: output.stderr ?? '',
    },
    10_000,
  )

describe('what nvidia-smi says of the GPUs', () => {
  it.each([...partlyGoodOutputs, ...hopelessOutputs])(
    'keeps the good ones and tells of the others: $what',
    (output) => {
      const { gpus, driverVersion, problems } = listed(output)
      expect(gpus.map(({ index }) => index)).toEqual(output.good)
      expect(driverVersion).toBe(output.driver === undefined ? '570.86.15' : output.driver)
      if (output.says === null) expect(problems.filter((problem) => !/exit code/.test(problem))).toEqual([])
      else expect(problems.join(' ')).toMatch(output.says)
    },
  )

  it('takes memory in MiB, and no figure that cannot be', () => {
    const memory = (cell: string) =>
      listed({ what: '', stdout: (row) => row(0, { memory: cell }), good: [0], says: null }).gpus[0]
        ?.memoryBytes
    expect(memory('143771')).toBe(143_771 * 2 ** 20)
    expect(memory('143771 MiB')).toBe(143_771 * 2 ** 20)
    for (const none of ['N/A', '[N/A]', '0', '4294967295', '17592186044415', '1.8446744073709552e+19']) {
      expect(memory(none)).toBeNull()
    }
  })

  it('says what an exit code means where there are no other words', () => {
    const { gpus, problems } = listed({
      what: '',
      stdout: (row) => row(0),
      exitCode: 14,
      good: [0],
      says: null,
    })
    expect(gpus).toHaveLength(1)
    expect(problems).toEqual(['nvidia-smi: exit code 14: the infoROM of a GPU is corrupted'])
  })
})

describe.skipIf(process.platform === 'win32')('detectGpus, with an nvidia-smi of its own', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-gpus-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function detectWith(script: string, more: NodeJS.ProcessEnv = {}, timeoutMs?: number) {
    await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder, 'nvidia-smi'), 0o755)
    return await detectGpus({ PATH: `${folder}:/bin:/usr/bin`, ...more }, timeoutMs)
  }
  const both = answering(partlyGoodOutputs[0] as SmiOutput)

  it('keeps what a driver said before it hung', async () => {
    const { gpus, problems } = await detectWith(`echo '${detectionRow(0)}'\nexec sleep 60`, {}, 500)
    expect(gpus.map(({ index }) => index)).toEqual([0])
    expect(problems).toEqual(['nvidia-smi: no answer within 0.5 s; the driver hangs'])
  })

  it('finds none without nvidia-smi, and says so of one that may not be started', async () => {
    expect(await detectGpus({ PATH: folder })).toEqual({ gpus: [], driverVersion: null, problems: [] })
    await writeFile(join(folder, 'nvidia-smi'), '')
    expect((await detectGpus({ PATH: folder })).problems).toEqual([
      expect.stringMatching(/nvidia-smi: it cannot be started: .*EACCES/),
    ])
  })

  it.each<[string, number[], RegExp | null]>([
    ['0,1', [0, 1], null],
    ['1', [1], /^2 GPUs, 1 visible through CUDA_VISIBLE_DEVICES=1$/],
    [
      'none',
      [],
      /^2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=none: "none" is neither a number nor a UUID/,
    ],
    ['', [], /^2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES="" \(set, but empty\)$/],
    ['0;1', [0], /^2 GPUs, 1 visible through CUDA_VISIBLE_DEVICES=0;1: CUDA reads "0;1" as 0/],
    ['1,1', [], /^2 GPUs, 0 visible .*: it names GPU 1 twice/],
    [
      'MIG-4b6a',
      [],
      /^2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=MIG-4b6a: MIG-4b6a is not a MIG instance/,
    ],
  ])('heeds CUDA_VISIBLE_DEVICES=%s', async (setting, visible, says) => {
    const { gpus, problems } = await detectWith(both, { CUDA_VISIBLE_DEVICES: setting })
    expect(gpus.map(({ index }) => index)).toEqual(visible)
    expect(problems).toEqual(says === null ? [] : [expect.stringMatching(says)])
  })

  it('counts GPUs that cannot be used where numbers name them', async () => {
    const script = `echo '${detectionRow(0, { all: '[GPU is lost]' })}'; echo '${detectionRow(1)}'`
    const { gpus } = await detectWith(script, { CUDA_VISIBLE_DEVICES: '0,1' })
    expect(gpus).toMatchObject([{ index: 1, uuid: uuidOf(1) }])
  })

  describe('MIG instances that are named', () => {
    const listing = [
      `GPU 0: NVIDIA A100-SXM4-80GB (UUID: ${uuidOf(0)})`,
      '  MIG 1g.10gb     Device  0: (UUID: MIG-feb88891-0321-5fef-9c87-d4af3b54259e)',
      '  MIG 2g.20gb     Device  1: (UUID: MIG-a25704ba-3a06-5299-a795-fd7cf4d13973)',
    ].join('\n')
    const script = `if [ "$1" = -L ]; then echo '${listing}'; exit; fi\n${both}`
    const detect = (setting: string) => detectWith(script, { CUDA_VISIBLE_DEVICES: setting })

    it('are devices, in the order named', async () => {
      const { gpus, problems } = await detect('MIG-a25704ba,MIG-feb88891')
      expect(gpus).toEqual([
        {
          index: 0,
          uuid: 'MIG-a25704ba-3a06-5299-a795-fd7cf4d13973',
          model: 'NVIDIA A100-SXM4-80GB MIG 2g.20gb',
          memoryBytes: null,
        },
        expect.objectContaining({ index: 1, model: 'NVIDIA A100-SXM4-80GB MIG 1g.10gb' }),
      ])
      expect(problems).toEqual([expect.stringMatching(/^2 GPUs, 2 MIG instances visible through /)])
    })

    it.each<[string, number, RegExp]>([
      ['MIG-a25704ba,MIG-0000,MIG-feb88891', 1, /1 MIG instance visible .*: MIG-0000 is not a MIG instance/],
      ['MIG-a25704ba,0', 1, /1 MIG instance visible/],
      ['MIG-a25704ba,MIG-a25704ba', 0, /0 visible .*twice/],
      ['MIG-0000', 0, /0 visible .*: MIG-0000 is not a MIG instance/],
    ])('count up to the first that is none: %s', async (setting, count, says) => {
      const { gpus, problems } = await detect(setting)
      expect(gpus).toHaveLength(count)
      expect(problems).toEqual([expect.stringMatching(says)])
    })
  })
})
