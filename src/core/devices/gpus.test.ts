import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { detectGpus, parseGpuList } from './gpus.js'

const answer = [
  '0, GPU-aaaa1111-0000-0000-0000-000000000000, 143771, 570.86.15, NVIDIA H200',
  '1, GPU-bbbb2222-0000-0000-0000-000000000000, [N/A], 570.86.15, NVIDIA GH200 480GB',
  '',
].join('\n')

describe('parseGpuList', () => {
  it('reads one GPU a line, memory in MiB or unknown', () => {
    expect(parseGpuList(answer)).toMatchObject([
      { index: 0, memoryBytes: 143_771 * 2 ** 20, driverVersion: '570.86.15', model: 'NVIDIA H200' },
      { index: 1, memoryBytes: null, model: 'NVIDIA GH200 480GB' },
    ])
    expect(parseGpuList('')).toEqual([])
  })

  it.each([
    'No devices were found',
    '0, GPU-a, many, 570.1, X',
    'x, GPU-a, 1, 570.1, X',
    '0, GPU-a, 1, 570.1',
  ])('refuses %j', (line) => expect(() => parseGpuList(line)).toThrow())
})

describe.skipIf(process.platform === 'win32')('detectGpus, with an nvidia-smi of its own', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-gpus-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function detectWith(script: string, timeoutMs?: number) {
    await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder, 'nvidia-smi'), 0o755)
    return await detectGpus({ PATH: `${folder}:/bin:/usr/bin` }, timeoutMs)
  }

  it('lists what it prints', async () => {
    const detection = await detectWith(`cat <<'END'\n${answer}END`)
    expect(detection).toMatchObject({ driverVersion: '570.86.15', problem: null })
    expect(detection.gpus).toHaveLength(2)
  })

  it.each([
    ['fails', 'echo "NVIDIA-SMI has failed"; exit 9', undefined, /NVIDIA-SMI has failed/],
    ['hangs', 'exec sleep 60', 100, /no answer/],
    ['says something else', 'echo "No devices were found"', undefined, /unknown way: No devices/],
  ])('finds none and says why when it %s', async (_what, script, timeoutMs, problem) => {
    expect(await detectWith(script, timeoutMs)).toEqual({
      gpus: [],
      driverVersion: null,
      problem: expect.stringMatching(problem),
    })
  })

  it('finds none without nvidia-smi', async () => {
    expect(await detectGpus({ PATH: folder })).toEqual({ gpus: [], driverVersion: null, problem: null })
  })
})
