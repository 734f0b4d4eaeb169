import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownerOfTemporary } from '../../src/core/leftovers/temporary-name.js'
import { eventually, startTandem, type TandemProcess } from '../tandem-process.js'
import { expectNothingLeft, measureScript, processesOf } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

const scripts = fileURLToPath(new URL('./scripts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-script-killed-'))
})
afterEach(async () => {
  await expectNothingLeft(folder)
  await rm(folder, { recursive: true })
})

/** The script's process whose command line has all of these words, and its environment this one. */
function findProcess(words: readonly string[], variable = ''): number {
  const found = processesOf(folder).find((pid) => {
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0')
    const [command, environment] = [read('cmdline').join(' '), read('environ')]
    return (
      words.every((word) => command.includes(word)) && (variable === '' || environment.includes(variable))
    )
  })
  if (found === undefined) throw new Error(`there is no process of ${words.join(' ')}`)
  return Number(found)
}

/** What the script's processes share with their data workers: files in shared memory. */
function semaphoresOfProcesses(): string[] {
  const maps = processesOf(folder).map((pid) => readFileSync(`/proc/${pid}/maps`, 'utf8'))
  return [...new Set(maps.join('\n').match(/\/dev\/shm\/sem\.\S+/g))]
}

describeWithPyTorch('a script of two ranks, of which a process is killed', () => {
  it.each([
    ['the launcher', ['launch.py'], ''],
    ['a rank', ['plain.py'], 'RANK=1'],
    ['a loader worker', ['spawn_main'], 'RANK=0'],
  ])('%s: it fails, and nothing is left', async (_, words, variable) => {
    let semaphores: string[] = []
    const { status, error } = await measureScript(
      folder,
      [testPython, 'plain.py', '--workers', '1', 'spawn'],
      2,
      {
        steps: 100_000,
        onWarm() {
          semaphores = semaphoresOfProcesses()
          process.kill(findProcess(words, variable), 'SIGKILL')
        },
      },
    )
    expect({ status, error }).toMatchObject({
      status: 'failed',
      error: { code: expect.stringMatching(/^script-/) },
    })
    expect(semaphores).not.toEqual([])
    await eventually('no semaphore is left', 20_000, () => !semaphores.some((path) => existsSync(path)))
  })
})

/** The command line at work on two ranks, in a copy of the folder of scripts. */
function startMeasure(): TandemProcess {
  const places = { TMPDIR: folder, TANDEM_DATA_DIR: join(folder, 'data'), PYTHONDONTWRITEBYTECODE: '1' }
  const chosen = ['--scratch', '--device-kind', 'cpu', '--devices', '2', '--steps', '100000']
  const output = ['--output-file', join(folder, 'results.json'), '--folder', scripts]
  return startTandem(['measure', ...chosen, ...output, '--', testPython, 'plain.py'], places)
}

const temporaryFiles = (): string[] => readdirSync(folder).filter((name) => ownerOfTemporary(name) !== null)

describeWithPyTorch('tandem measure', () => {
  it('that is stopped with Ctrl-C ends with 130, and takes its copy of the folder away', async () => {
    const tandem = startMeasure()
    await tandem.printed(/Warm-up/)
    expect(temporaryFiles().length).toBeGreaterThan(0)
    tandem.child.kill('SIGINT')
    expect(await tandem.ended()).toBe(130)
    expect(temporaryFiles()).toEqual([])
  })

  it('that is killed leaves no process', async () => {
    const tandem = startMeasure()
    await tandem.printed(/Warm-up/)
    expect(processesOf(folder).length).toBeGreaterThan(0)
    process.kill(tandem.pid, 'SIGKILL')
    await eventually('no process of the script is left', 30_000, () => processesOf(folder).length === 0)
  })
})
