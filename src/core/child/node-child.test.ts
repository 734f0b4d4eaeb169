import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChildExit, SpawnChild } from './child-program.js'
import { spawnNodeChild, spawnNodeChildThrough } from './node-child.js'

let folder: string
let entry: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-node-child-'))
  entry = join(folder, 'answers.mjs')
  await writeFile(
    entry,
    `process.once('message', (question) => {
      console.log('asked')
      process.send({ question, launched: process.env.LAUNCHED, name: process.argv[2] }, () => process.disconnect())
    })\n`,
  )
})

afterAll(() => rm(folder, { recursive: true }))

/** Asks the program, and waits for its end. */
function ask(spawn: SpawnChild): Promise<{ message: unknown; output: string; exit: ChildExit }> {
  return new Promise((resolve) => {
    let message: unknown = null
    let output = ''
    const child = spawn({
      entry,
      name: 'answers',
      title: 'Answers',
      environment: process.env,
      onMessage: (received) => {
        message = received
      },
      onOutput: (text) => {
        output += text
      },
      onExit: (exit) => resolve({ message, output, exit }),
    })
    child.send({ of: 'the host' })
  })
}

describe('a program under plain Node', () => {
  it('exchanges messages, and its output and exit come to its host', async () => {
    expect(await ask(spawnNodeChild)).toEqual({
      message: { question: { of: 'the host' }, launched: undefined, name: 'answers' },
      output: 'asked\n',
      exit: { code: 0, signal: null },
    })
  })

  it.skipIf(process.platform === 'win32')('does the same behind a program that becomes Node', async () => {
    const { message, exit } = await ask(spawnNodeChildThrough(['env', 'LAUNCHED=yes']))
    expect(message).toMatchObject({ question: { of: 'the host' }, launched: 'yes' })
    expect(exit).toEqual({ code: 0, signal: null })
  })
})
