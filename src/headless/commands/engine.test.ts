import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { libraryNames } from '../../core/engine/release.js'
import { devicesCommand } from './devices.js'
import { engineCommand } from './engine.js'

let folder: string
let printed: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-command-'))
  vi.stubEnv('TANDEM_CACHE_DIR', join(folder, 'cache'))
  vi.stubEnv('TANDEM_TENSORFLOW_DIR', '')
  vi.stubEnv('PATH', folder)
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

const engine = (...parameters: string[]) => engineCommand().parseAsync(parameters, { from: 'user' })

async function namedFolder(): Promise<void> {
  for (const name of libraryNames(process.platform)) await writeFile(join(folder, name), 'library')
  vi.stubEnv('TANDEM_TENSORFLOW_DIR', folder)
}

describe('tandem engine status', () => {
  it('prints where the engine is', async () => {
    await namedFolder()
    await engine('status')
    expect(printed).toBe(`TensorFlow of unknown version for CPU, from TANDEM_TENSORFLOW_DIR: ${folder}\n`)
    expect(process.exitCode).toBeUndefined()
  })

  it('prints every place that was searched in vain, and ends with 1', async () => {
    await engine('status')
    expect(printed).toContain(join(folder, 'cache', 'engine'))
    expect(printed).toContain('tandem engine install')
    expect(process.exitCode).toBe(1)
  })

  it('prints one document with --json', async () => {
    await engine('status', '--json')
    const { engine: found, attempts, verification } = JSON.parse(printed)
    expect({ found, verification }).toEqual({ found: null, verification: null })
    expect(attempts).toHaveLength(4)
  })

  it('does not claim to have verified what another program installed', async () => {
    await namedFolder()
    await engine('status', '--verify', '--json')
    expect(JSON.parse(printed).verification).toEqual({ outcome: 'unknown' })
  })
})

describe('tandem engine install', () => {
  it('does nothing with --if-missing when there is one', async () => {
    await namedFolder()
    await engine('install', '--if-missing', '--json')
    expect(JSON.parse(printed).engine).toMatchObject({ directory: folder })
    expect(await readdir(folder)).not.toContain('cache')
  })

  it('hands its error on, and prints it as a document with --json', async () => {
    await expect(engine('install', '--flavour', 'cpu', '--json')).rejects.toMatchObject({
      code: expect.stringMatching(/^engine-(no-python|unsupported-platform)$/),
    })
    expect(JSON.parse(printed).error.hint).not.toBe('')
  })
})

describe('tandem engine remove', () => {
  it('says that there is nothing to remove', async () => {
    await engine('remove', '--json')
    expect(JSON.parse(printed)).toEqual({ folder: join(folder, 'cache', 'engine'), removed: false })
  })
})

describe('tandem devices', () => {
  it('prints the machine, the devices of a run and the engine', async () => {
    await devicesCommand(process.env, 'resources').parseAsync(['--json'], { from: 'user' })
    const { machine, allowedCores, usual, engine: found } = JSON.parse(printed)
    expect(machine.logicalCores).toBeGreaterThanOrEqual(allowedCores.length)
    expect(usual.devices.length).toBe(Math.min(2, allowedCores.length))
    expect(found).toBeNull()
  })

  it('prints tables for people', async () => {
    await devicesCommand(process.env, 'resources').parseAsync([], { from: 'user' })
    expect(printed).toContain('CPU:0')
    expect(printed).toContain('no NVIDIA GPU')
    expect(printed).toContain('WebAssembly')
  })
})
