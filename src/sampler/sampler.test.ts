import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRunning } from '../child/process-state.js'
import { type BuiltEntry, buildForNode } from '../child/test-support/build-entry.js'
import { nodeBinaries } from '../child/test-support/node-binaries.js'
import type { TelemetrySample } from '../shared/child/telemetry.js'
import { environmentWith, type SamplerProgram, startSampler } from './test-support/sampler-program.js'

const anySample = () => true
const patience = { timeout: 30_000, interval: 50 }

let sampler: BuiltEntry
beforeAll(async () => {
  sampler = await buildForNode('sampler/index.ts', 'child/watchdog-worker.ts')
})
afterAll(() => sampler.dispose())

const programs: SamplerProgram[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  for (const { process } of programs) process.kill('SIGKILL')
  await Promise.all(programs.splice(0).map(({ exit }) => exit))
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

/** A process that runs this JavaScript. */
function run(code: string): { pid: number; child: ChildProcess } {
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' })
  children.push(child)
  return { pid: child.pid ?? 0, child }
}

describe.each(nodeBinaries)('the sampler under $name', ({ path }) => {
  const test = it.skipIf(path === null)
  function start(environment = environmentWith({})): SamplerProgram {
    const program = startSampler(path ?? '', sampler.path, environment)
    programs.push(program)
    return program
  }
  const coresUsed = (sample: TelemetrySample, pid: number) =>
    sample.trainers.find((trainer) => trainer.pid === pid)?.coresUsed ?? null

  test('shows this machine, from its first sample', async () => {
    const before = performance.timeOrigin + performance.now()
    const sample = await start().sampleWhere(anySample)

    expect(sample.cpu.cores).toHaveLength(cpus().length)
    expect(sample.cpu.cores.some((core) => core !== null)).toBe(true)
    expect(sample.memory.totalBytes).toBe(totalmem())
    expect(sample.memory.usedBytes).toBeGreaterThan(0)
    expect(sample.costMs).toBeGreaterThan(0)
    expect(sample.atMs).toBeGreaterThan(before)
    expect(sample.trainers).toEqual([])
  })

  test('shows what the trainers use that it is told to watch, all their threads included', async () => {
    const busy = run('for (;;);')
    const busyWorker = run("new (require('worker_threads').Worker)('for (;;);', { eval: true })")
    const idle = run('setInterval(() => {}, 60_000)')
    const program = start()
    program.send({ type: 'watch', pids: [busy.pid, busyWorker.pid, idle.pid] })

    const sample = await program.sampleWhere((candidate) =>
      [busy, busyWorker].every(({ pid }) => (coresUsed(candidate, pid) ?? 0) >= 0.2),
    )
    expect(sample.trainers.map(({ pid }) => pid)).toEqual([busy.pid, busyWorker.pid, idle.pid])
    for (const { pid } of [busy, busyWorker]) expect(coresUsed(sample, pid)).toBeLessThan(2)
    for (const { memoryBytes } of sample.trainers) expect(memoryBytes).toBeGreaterThan(1e6)
    await program.sampleWhere((candidate) => coresUsed(candidate, idle.pid) === 0)
  })

  test('has no figures for a trainer that has ended, and forgets one that it is not told to watch', async () => {
    const trainer = run('setInterval(() => {}, 60_000)')
    const program = start()
    program.send({ type: 'watch', pids: [trainer.pid] })
    await program.sampleWhere(({ trainers }) => trainers[0]?.memoryBytes != null)
    trainer.child.kill('SIGKILL')
    await program.sampleWhere(({ trainers }) => trainers.length === 1 && trainers[0]?.memoryBytes === null)
    program.send({ type: 'watch', pids: [] })
    await program.sampleWhere(({ trainers }) => trainers.length === 0)
  })

  test('ends when it is told to, and when its host closes the channel', async () => {
    const [told, left] = [start(), start()]
    await Promise.all([told.sampleWhere(anySample), left.sampleWhere(anySample)])
    told.send({ type: 'stop' })
    left.process.disconnect()
    expect(await Promise.all([told.exit, left.exit])).toEqual([0, 0])
  })

  test('goes on when it is sent what it does not understand', async () => {
    const program = start()
    program.process.send({ type: 'dance' })
    await program.sampleWhere(anySample)
  })
})

describe.skipIf(process.platform !== 'linux')('the sampler where NVML cannot be loaded', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-sampler-'))
    writeFileSync(join(folder, 'libnvidia-ml.so.1'), 'not a library')
    const line = '0, GPU-00, 50, 1024, 2048, 100.0, 300.0, 40, 1000, 2000, 0x0, NVIDIA H100'
    const script = `#!/bin/sh\necho $$ > ${folder}/pid\nwhile :; do echo "${line}"; sleep 0.05; done\n`
    writeFileSync(join(folder, 'nvidia-smi'), script)
    chmodSync(join(folder, 'nvidia-smi'), 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const environment = () => environmentWith({ path: `${folder}:/bin:/usr/bin`, libraries: folder })
  const smiPid = () => Number(existsSync(join(folder, 'pid')) ? readFileSync(join(folder, 'pid'), 'utf8') : 0)
  const smiEnds = () => vi.waitFor(() => expect(isRunning(smiPid())).toBe(false), patience)

  function start(): SamplerProgram {
    const program = startSampler(process.execPath, sampler.path, environment())
    programs.push(program)
    return program
  }

  it('asks nvidia-smi, says so, and ends it with itself', async () => {
    const program = start()
    expect(await program.ready).toEqual({
      type: 'ready',
      gpuSources: ['nvidia-smi'],
      problems: [
        expect.stringMatching(/^NVML cannot be used: .*libnvidia-ml.* nvidia-smi is asked instead\.$/),
      ],
    })
    const { gpus } = await program.sampleWhere(anySample)
    expect(gpus).toMatchObject([{ index: 0, id: 'GPU-00', state: 'ok', utilisation: 0.5 }])
    program.send({ type: 'stop' })
    expect(await program.exit).toBe(0)
    await smiEnds()
  })

  it('leaves no nvidia-smi behind when it is killed', async () => {
    const program = start()
    await program.sampleWhere(({ gpus }) => gpus.length === 1)
    expect(isRunning(smiPid())).toBe(true)
    program.process.kill('SIGKILL')
    expect(await program.exit).toBe('SIGKILL')
    await smiEnds()
  })
})
