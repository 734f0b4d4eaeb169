import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Script } from '../../shared/script/script.js'
import { runProgram } from '../run-program.js'
import { scriptFileOf } from './script-command.js'

/* What has to be the same on every machine that ranks of one script are on. */

const question = 'from importlib import metadata; print(metadata.version("torch"))'
const answerMs = 30_000

/** Of the PyTorch that a Python has, without importing it; null where it says none. */
export async function torchVersion(python: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  const { exitCode, stdout } = await runProgram(python, ['-B', '-c', question], {
    environment,
    timeoutMs: answerMs,
  })
  const version = stdout.trim()
  return exitCode === 0 && version !== '' ? version : null
}

/** SHA-256 of the file of Python that a command runs, in hexadecimal digits; null where it names none. */
export async function scriptFileChecksum({ command, folder }: Script): Promise<string | null> {
  const file = scriptFileOf(command)
  if (file === null || /[{}]/.test(file)) return null
  const hash = createHash('sha256')
  await pipeline(createReadStream(resolve(folder, file)), hash)
  return hash.digest('hex')
}
