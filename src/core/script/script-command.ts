import { basename } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import type { Script } from '../../shared/script/script.js'

const pythonName = /^python(\d+(\.\d+)*)?(\.exe)?$/i

/** Programs that start the ranks themselves. */
const launcherNames: ReadonlySet<string> = new Set([
  'torchrun',
  'accelerate',
  'deepspeed',
  'fabric',
  'lightning',
  'mpirun',
  'mpiexec',
  'srun',
])
const launcherModules: ReadonlySet<string> = new Set([
  'torch.distributed.run',
  'torch.distributed.launch',
  'accelerate.commands.launch',
  'lightning',
])

/** Flags of Python's whose value is a word of its own. */
const flagsWithValue: ReadonlySet<string> = new Set(['-W', '-X', '--check-hash-based-pycs'])

/** The command is Python itself, by whatever path. */
export function isPython(program: string): boolean {
  return pythonName.test(basename(program))
}

/**
 * Who starts the ranks of a command, where nobody has said: the command itself where it is a launcher, or is told how many
 * there are; else Tandem.
 */
export function launcherOf(command: readonly string[]): Script['launcher'] {
  if (command.some((word) => word.includes('{world_size}'))) return 'command'
  const [program = '', ...rest] = command
  if (launcherNames.has(basename(program).replace(/\.exe$/i, ''))) return 'command'
  const module = isPython(program) ? moduleOf(rest) : null
  return module !== null && launcherModules.has(module) ? 'command' : 'tandem'
}

/**
 * Throws `script-isolated` for a Python that is told to read neither its environment nor its site: then nothing can be
 * measured in it.
 */
export function assertMeasurable(command: readonly string[]): void {
  const [program = '', ...rest] = command
  if (!isPython(program)) return
  const isolating = pythonFlags(rest).find((flag) => /^-[a-zA-Z]*[IES]/.test(flag) && !flag.startsWith('--'))
  if (isolating === undefined) return
  throw new TandemError({
    code: 'script-isolated',
    message: `${program} ${isolating}: with -I, -E or -S Python reads nothing that Tandem could measure with`,
    hint: 'Leave that flag out for the measurement.',
  })
}

/** The words before the script or module. */
function pythonFlags(words: readonly string[]): string[] {
  const flags: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string
    if (!word.startsWith('-') || word === '-' || word === '-m' || word === '-c') break
    flags.push(word)
    if (flagsWithValue.has(word)) flags.push(words[++index] ?? '')
  }
  return flags
}

/** The file of Python that a command runs; null for modules, launchers and other programs. */
export function scriptFileOf([program = '', ...rest]: readonly string[]): string | null {
  if (/\.py$/i.test(program)) return program
  if (!isPython(program)) return null
  const file = rest[pythonFlags(rest).length]
  return file !== undefined && /\.py$/i.test(file) ? file : null
}

function moduleOf(words: readonly string[]): string | null {
  const at = words.indexOf('-m')
  const isBeforeScript = at !== -1 && words.slice(0, at).every((word) => word.startsWith('-'))
  return isBeforeScript ? (words[at + 1] ?? null) : null
}

/**
 * The command for so many ranks: its placeholders filled in, and a Python before a file of Python.
 *
 * Throws `usage` for a batch that stands in the command and was not said.
 */
export function commandFor(
  { command, perDeviceBatch, globalBatch }: Pick<Script, 'command' | 'perDeviceBatch' | 'globalBatch'>,
  worldSize: number,
  python: string,
): [string, ...string[]] {
  const filled = command.map((word) =>
    word.replaceAll(/\{(world_size|per_device_batch|global_batch)\}/g, (_, name: string) => {
      if (name === 'world_size') return String(worldSize)
      const all = globalBatch ?? (perDeviceBatch === null ? null : perDeviceBatch * worldSize)
      if (all === null) throw batchUnknown(name)
      return String(name === 'global_batch' ? all : all / worldSize)
    }),
  )
  const [program = '', ...rest] = filled
  return /\.py$/i.test(program) ? [python, program, ...rest] : [program, ...rest]
}

function batchUnknown(name: string): TandemError {
  return new TandemError({
    code: 'usage',
    message: `{${name}} stands in the command, and nobody has said what it is`,
    hint: 'Say it with --per-device-batch or --global-batch.',
  })
}
