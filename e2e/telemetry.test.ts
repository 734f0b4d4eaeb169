import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { childEnvironment } from '../src/core/child/child-program.js'
import { spawnNodeChild } from '../src/core/child/node-child.js'
import { running } from '../src/core/run/fake-host.fixture.js'
import { Telemetry } from '../src/core/telemetry/telemetry.js'
import { type CLibrary, compileLibrary, noCompiler } from '../src/sampler/test-support/c-library.js'
import { environmentWith } from '../src/sampler/test-support/sampler-program.js'
import type { TelemetrySample, TelemetryState } from '../src/shared/child/telemetry.js'
import { answering, partlyGoodOutputs, type SmiOutput } from '../src/shared/nvidia/smi-outputs.fixture.js'

// The built sampler under its real supervision.

const entry = fileURLToPath(new URL('../out/main/sampler.js', import.meta.url))
const patience = { timeout: 40_000, interval: 50 }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function open(environment: NodeJS.ProcessEnv) {
  const pids: number[] = []
  const states: TelemetryState['state'][] = []
  const samples: TelemetrySample[] = []
  const telemetry = new Telemetry({
    entry,
    environment: childEnvironment(environment),
    spawn: (options) => {
      const child = spawnNodeChild(options)
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
  })
  telemetry.onState(({ state }) => states.push(state))
  telemetry.onSample((sample) => samples.push(sample))
  closing.push(async () => {
    await telemetry.close()
    expect(running(pids)).toEqual([])
  })
  return { telemetry, pids, states, samples }
}

function hangingNvml(): CLibrary {
  const library = compileLibrary('fake-nvml.c', 'libnvidia-ml.so.1', { HANGS_AFTER: 4 })
  closing.push(async () => library.dispose())
  return library
}

describe('telemetry', () => {
  it('shows this machine and the processes that it is told to watch', async () => {
    const { telemetry, samples } = open(process.env)
    telemetry.watch([process.pid])
    await vi.waitFor(() => expect(samples.length).toBeGreaterThan(2), patience)
    const sample = samples.at(-1)
    expect(telemetry.state.state).toBe('running')
    expect(sample?.cpu.cores).toHaveLength(cpus().length)
    expect(sample?.trainers).toEqual([
      {
        pid: process.pid,
        coresUsed: expect.any(Number),
        memoryBytes: expect.any(Number),
        isStopped: false,
      },
    ])
  })
})

describe.runIf(process.platform === 'linux')(
  'GPUs of an nvidia-smi that says odd things, without NVML',
  () => {
    it('are shown as far as they answer, and what is wrong is told', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tandem-odd-smi-'))
      closing.push(() => rm(folder, { recursive: true }))
      const lost = partlyGoodOutputs.find(({ what }) => what === 'a GPU that is lost') as SmiOutput
      await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${answering(lost)}\n`)
      await chmod(join(folder, 'nvidia-smi'), 0o755)
      const { telemetry, samples } = open(environmentWith({ path: `${folder}:/bin:/usr/bin` }))
      await vi.waitFor(
        () => expect(samples.at(-1)?.gpus.map(({ state }) => state)).toEqual(['ok', 'lost']),
        patience,
      )
      expect(telemetry.state.gpuSources).toEqual(['nvidia-smi'])
      expect(telemetry.state.problems.join(' ')).toMatch(/GPU 1: nvidia-smi says GPU is lost/)
    })
  },
)

describe.skipIf(noCompiler !== '')(`a driver call that hangs${noCompiler}`, () => {
  it('costs the sampler its life, and telemetry a gap', async () => {
    const { states, samples, pids } = open(environmentWith({ libraries: hangingNvml().folder }))
    await vi.waitFor(() => expect(states.slice(0, 3)).toEqual(['running', 'lost', 'running']), patience)
    expect(running(pids).length).toBeLessThan(2)
    expect(samples.at(-1)?.gpus).toHaveLength(2)
  })

  it('does not let the sampler outlive a host that is killed', async () => {
    const host = fork(fileURLToPath(new URL('./sampler-host.mjs', import.meta.url)), [entry], {
      env: environmentWith({ libraries: hangingNvml().folder }),
    })
    const [samplerPid] = (await once(host, 'message')) as [number]
    expect(running([samplerPid])).toEqual([samplerPid])
    host.kill('SIGKILL')
    await vi.waitFor(() => expect(running([samplerPid])).toEqual([]), patience)
  })
})
