import { resolve } from 'node:path'
import which from 'which'
import { z } from 'zod'
import { runProgram } from '../run-program.js'

/** What a Python says about itself, without importing anything heavy. */
export interface Python {
  command: string
  version: string
  /** null where pip is missing. */
  pipVersion: string | null
  tensorflow: { directory: string; version: string | null } | null
}

const answerSchema = z.object({
  version: z.string(),
  pipVersion: z.string().nullable(),
  tensorflow: z.object({ directory: z.string(), version: z.string().nullable() }).nullable(),
})

const question = `
import importlib.util, json, sys
from importlib import metadata

def version(*names):
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            pass

def found(name):
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None

package = found("tensorflow")
folders = list(package.submodule_search_locations or []) if package else []
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "pipVersion": (version("pip") or "0") if found("pip") else None,
    "tensorflow": {
        "directory": folders[0],
        "version": version("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos"),
    } if folders else None,
}))
`

/**
 * The Pythons that `python3` and `python` on PATH stand for; those that do not answer within
 * `timeoutMs` are left out. Importing TensorFlow would take seconds: only its place is asked for.
 */
export async function findPythons(
  environment: NodeJS.ProcessEnv = process.env,
  timeoutMs = 10_000,
): Promise<Python[]> {
  const commands = await Promise.all(['python3', 'python'].map((name) => findOnPath(name, environment)))
  const distinct = [...new Set(commands.filter((command) => command !== null))]
  const answers = await Promise.all(distinct.map((command) => askPython(command, environment, timeoutMs)))
  return answers.filter((python) => python !== null)
}

/** The file that a program's name stands for, or null. */
export async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  if (!environment.PATH) return null
  const found = await which(name, { path: environment.PATH, nothrow: true })
  return found === null ? null : resolve(found)
}

async function askPython(
  command: string,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Python | null> {
  const answer = await runProgram(command, ['-B', '-c', question], { environment, timeoutMs })
  if (answer.exitCode !== 0) return null
  try {
    return { command, ...answerSchema.parse(JSON.parse(answer.stdout)) }
  } catch {
    return null
  }
}
