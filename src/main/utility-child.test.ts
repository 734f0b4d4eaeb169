import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChildExit, ChildOptions } from '../core/child/child-program.js'
import { createFakeElectron, type FakeElectron } from './test-support/fake-electron/index.js'

let folder: string
let electron: FakeElectron
let spawnUtilityChild: typeof import('./utility-child.js').spawnUtilityChild

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-utility-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  vi.resetModules()
  electron = createFakeElectron()
  vi.doMock('electron', () => electron.module)
  spawnUtilityChild = (await import('./utility-child.js')).spawnUtilityChild
  await electron.becomeReady()
})
afterEach(() => {
  vi.doUnmock('electron')
  expect(electron.children.filter(({ pid }) => pid !== undefined)).toEqual([])
})

let programs = 0

/** Starts a program, given as its source text, and tells what becomes of it. */
async function start(source: string, options: Partial<ChildOptions> = {}) {
  const entry = join(folder, `program-${programs++}.mjs`)
  await writeFile(entry, source)
  const messages: unknown[] = []
  let printed = ''
  let exits = 0
  let resolveExit!: (exit: ChildExit) => void
  const exited = new Promise<ChildExit>((resolve) => {
    resolveExit = resolve
  })
  const child = spawnUtilityChild({
    entry,
    name: 'single',
    title: 'Single',
    environment: {},
    onMessage: (message) => messages.push(message),
    onOutput: (text) => {
      printed += text
    },
    onExit: (exit) => {
      exits++
      resolveExit(exit)
    },
    ...options,
  })
  const started = async (): Promise<void> => {
    await vi.waitFor(() => expect(child.pid).toBeDefined())
  }
  return { child, messages, exited, started, printed: () => printed, exits: () => exits }
}

const stays = 'setInterval(() => {}, 1000)'
const says = (text: string) => `process.parentPort.postMessage(${JSON.stringify(text)})`

describe('a utility process', () => {
  it('is told what was said before it ran, and answers', async () => {
    const { child, messages, exited } = await start(
      `process.parentPort.on('message', ({ data }) => {
         process.parentPort.postMessage({ heard: data, argument: process.argv[2] })
         setTimeout(() => process.exit(0), 50)
       })`,
    )
    expect(child.pid).toBeUndefined()
    child.send({ type: 'start' })

    expect(await exited).toEqual({ code: 0, signal: null })
    expect(messages).toEqual([{ heard: { type: 'start' }, argument: 'single' }])
  })

  it('gets strings for an environment, none of the host’s own, and a name of its own', async () => {
    const source = 'console.log(process.env.GIVEN, process.env.LEFT_OUT, process.env.HOME); process.exit(0)'
    const environment = { GIVEN: 'given', LEFT_OUT: undefined }
    const both = await Promise.all([start(source, { environment }), start(source, { environment })])
    await Promise.all(both.map(({ exited }) => exited))

    expect(both[0]?.printed()).toBe('given undefined undefined\n')
    const names = electron.children.map(({ options }) => options.serviceName)
    expect(new Set(names).size).toBe(2)
  })

  it('is read to its last word, which Electron would drop', async () => {
    const { exited, printed } = await start(
      `import { writeSync } from 'node:fs'
       for (let line = 0; line < 2000; line++) writeSync(1, 'x'.repeat(1023) + '\\n')
       writeSync(2, 'the last word')
       process.exit(3)`,
    )

    expect(await exited).toEqual({ code: 3, signal: null })
    expect(printed()).toHaveLength(2000 * 1024 + 'the last word'.length)
    expect(printed()).toMatch(/the last word/)
  })

  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'is reported with the %s that ended it',
    async (signal) => {
      const { exited } = await start(`process.kill(process.pid, '${signal}'); ${stays}`)

      expect(await exited).toEqual({ code: null, signal })
    },
  )

  it('is reported as aborted when V8 itself gave up', async () => {
    const { exited, printed } = await start(stays)
    await vi.waitFor(() => expect(electron.children[0]?.pid).toBeDefined())
    const [fake] = electron.children
    fake?.emit('error', 'FatalError', 'JavaScript heap out of memory', '{}')
    process.kill(fake?.pid as number, 'SIGSEGV')

    expect(await exited).toEqual({ code: null, signal: 'SIGABRT' })
    expect(printed()).toMatch(/heap out of memory/)
  })

  it('is ended as soon as it runs when that was asked for before', async () => {
    const { child, exited } = await start(stays)
    child.terminate()

    // Electron says 0 of what it has ended itself.
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('is ended for certain before it runs', async () => {
    const { child, exited } = await start(`process.on('SIGTERM', () => {}); ${stays}`)
    child.terminate()
    child.kill()

    expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('is ended for certain when it does not heed a request', async () => {
    const { child, messages, exited, started } = await start(
      `process.on('SIGTERM', () => ${says('never')}); ${says('listening')}; ${stays}`,
    )
    await started()
    await vi.waitFor(() => expect(messages).toEqual(['listening']))
    child.terminate()
    await vi.waitFor(() => expect(messages).toEqual(['listening', 'never']))
    child.kill()

    expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('counts as a success when it ends with 0 although it was asked to end', async () => {
    const { child, messages, exited } = await start(
      `process.on('SIGTERM', () => process.exit(0)); ${says('listening')}; ${stays}`,
    )
    await vi.waitFor(() => expect(messages).toEqual(['listening']))
    child.terminate()

    expect(await exited).toEqual({ code: 0, signal: null })
  })

  it('may be spoken to and ended after it has gone', async () => {
    const { child, exited, started } = await start('process.exit(0)')
    await started()
    await exited
    const { pid } = child

    child.send('too late')
    child.terminate()
    child.kill()
    expect(child.pid).toBe(pid)
  })

  it('ends once, even if Electron says so twice', async () => {
    const { exited, exits } = await start('process.exit(0)')
    await exited
    electron.children[0]?.emit('exit', 1)
    await new Promise((resolve) => setTimeout(resolve, 50))

    expect(exits()).toBe(1)
  })

  it('that cannot be made is an exit with the reason, after the call has returned', async () => {
    electron.module.utilityProcess.fork = () => {
      throw new TypeError('no such thing')
    }
    let exit: ChildExit | null = null
    const { child } = await start('', {
      onExit: (told) => {
        exit = told
      },
    })
    expect(exit).toBeNull()
    child.send('anything')
    child.terminate()

    await vi.waitFor(() =>
      expect(exit).toMatchObject({ code: null, startError: { message: 'no such thing' } }),
    )
  })

  it('that Electron could not launch says so', async () => {
    const { exited } = await start('setTimeout(() => process.exit(0), 500)')
    await vi.waitFor(() => expect(electron.children[0]?.pid).toBeDefined())
    const name = electron.children[0]?.options.serviceName
    electron.app.emit('child-process-gone', {}, { name, reason: 'launch-failed', exitCode: 1003 })

    expect(await exited).toMatchObject({ startError: { message: expect.stringMatching(/1003/) } })
  })
})
