import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { doctorReportSchema } from '../../shared/doctor/doctor-report.js'
import { hopelessOutputs } from '../../shared/nvidia/hopeless-smi-outputs.fixture.js'
import { answering, type SmiOutput } from '../../shared/nvidia/smi-outputs.fixture.js'
import { commandLine } from '../command-line.fixture.js'

const engineCheckEntry = fileURLToPath(
  new URL('../../core/doctor/fake-engine-check.fixture.mjs', import.meta.url),
)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-doctor-'))
})
afterEach(() => rm(folder, { recursive: true }))

function doctor(line: string, environment: NodeJS.ProcessEnv = {}, interruptAt?: string) {
  return commandLine(`doctor ${line}`.trim().split(' '), {
    folder,
    engineCheckEntry,
    environment: { TANDEM_TENSORFLOW_DIR: '', ...environment },
    ...(interruptAt !== undefined && { interruptAt }),
  })
}

describe('tandem doctor', () => {
  it('prints each check with its time, and what there is to do', async () => {
    const { stdout, exitCode } = await doctor('')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^GPUs\n {2}- nvidia-smi: no NVIDIA GPU; CPU devices are used \(\d+ ms\)\n/)
    expect(stdout).toMatch(/\nTensorFlow\n {2}! Installed: .*\n {6}Install it with: tandem engine install/)
    expect(stdout).toMatch(/\nWebAssembly\n {2}✓ Loading: good/)
    expect(stdout).toMatch(/\nNo fault, \d+ warnings? in \d+ checks, \d+\.\d s\.\n$/)
  })

  it('prints one document with --json, the exit code telling of faults', async () => {
    const sound = await doctor('--json --engine wasm')
    const report = doctorReportSchema.parse(JSON.parse(sound.stdout))
    expect(report.checks.some(({ group }) => group === 'TensorFlow')).toBe(false)
    expect(sound.exitCode).toBe(0)
    const faulty = await doctor('--json --engine wasm', { FAKE_ENGINE_CHECK: 'wrong-sum' })
    expect(doctorReportSchema.parse(JSON.parse(faulty.stdout)).outcome).toBe('fail')
    expect(faulty.exitCode).toBe(1)
  })

  it.skipIf(process.platform === 'win32')('finds what nvidia-smi says is wrong', async () => {
    const bin = join(folder, 'bin')
    await mkdir(bin)
    const output = hopelessOutputs.find(({ exitCode }) => exitCode === 18) as SmiOutput
    await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\n${answering(output)}\n`)
    await chmod(join(bin, 'nvidia-smi'), 0o755)
    const { stdout, exitCode } = await doctor('--engine wasm', { PATH: `${bin}:/bin:/usr/bin` })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ nvidia-smi: .*version mismatch/)
    expect(stdout).toMatch(/restart the machine\./)
  })

  it('has a report to paste that names no host, no folder of a person', async () => {
    const home = process.env.HOME ?? '/nobody'
    const { stdout } = await doctor('--report --engine wasm')
    expect(stdout).toMatch(/^## tandem doctor\n/)
    expect(stdout).toMatch(/\| ✓ good \| Loading \| good \| \d+ ms \|/)
    expect(stdout).toMatch(/\| size \| time \(ms\) \| algbw \(GB\/s\) \| busbw \(GB\/s\) \|/)
    expect(stdout).not.toMatch(new RegExp(`(?<![\\w-])${hostname()}(?![\\w-])`, 'i'))
    expect(stdout).not.toContain(`${home}/`)
  })

  it('stops on Ctrl-C', async () => {
    const { exitCode, stdout } = await doctor('', {}, 'This machine')
    expect(exitCode).toBe(130)
    expect(stdout).toMatch(/Stopped after \d+ checks\.\n$/)
  })
})
