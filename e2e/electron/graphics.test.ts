import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { type DesktopOutcome, runDesktop } from '../../src/headless/start/run-desktop.js'
import { eventually } from '../eventually.js'
import { describeInElectron } from './describe.js'
import { type GroupMember, groupMembers } from './process-group.js'
import { childrenOf } from './process-tree.js'

/* Graphics that fail, by a GPU process that crashes whenever it is there: what drivers do to Chromium. */

describeInElectron('graphics that fail', (lane) => {
  let folder: string

  const ownGroups = (): number[] => childrenOf(process.pid)
  const gpuProcesses = (): GroupMember[] =>
    ownGroups()
      .flatMap(groupMembers)
      .filter(({ command }) => command.includes('--type=gpu-process'))

  /** The app as `npm start` runs it; `whileOpen` is what happens to it once its window is there. */
  async function start(whileOpen: (end: () => void) => Promise<void>): Promise<DesktopOutcome> {
    const { program, args, environment } = lane().command({ folder, args: [] })
    const [appDirectory = '', ...rest] = args
    const profile = rest.find((argument) => argument.startsWith('--user-data-dir=')) ?? ''
    const controller = new AbortController()
    let happened: Promise<void> = Promise.resolve()
    const outcome = await runDesktop({
      electron: program,
      appDirectory,
      switches: [profile],
      wish: false,
      environment,
      signal: controller.signal,
      stderr: new PassThrough().resume(),
      readyMs: 60_000,
      onOpen() {
        happened = whileOpen(() => controller.abort())
      },
    })
    await happened
    return outcome
  }

  async function crashGraphics(): Promise<void> {
    const crashed = new Set<number>()
    const before = ownGroups()
    await eventually('the app ends', 30_000, () => {
      for (const { pid } of gpuProcesses()) {
        if (crashed.has(pid)) continue
        crashed.add(pid)
        process.kill(pid, 'SIGSEGV')
      }
      return ownGroups().length < before.length
    })
  }

  const remembered = () => JSON.parse(readFileSync(join(folder, 'profile', 'graphics.json'), 'utf8'))

  it('are done without at the next start, and at last without a process that could fail', async () => {
    folder = await lane().newFolder()
    expect(await start(crashGraphics)).toEqual({ kind: 'start-again' })
    expect(remembered()).toMatchObject({ mode: 'software', said: false })

    expect(await start(crashGraphics)).toEqual({ kind: 'start-again' })
    expect(remembered()).toMatchObject({ mode: 'in-process', said: false })

    const last = await start(async (end) => {
      expect(gpuProcesses()).toEqual([])
      end()
    })
    expect(last).toEqual({ kind: 'ended', exitCode: 0 })
    expect(remembered()).toMatchObject({ mode: 'in-process', said: true })
  })
})
