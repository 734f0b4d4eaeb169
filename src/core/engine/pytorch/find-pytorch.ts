import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { TandemError } from '../../../shared/errors.js'
import { formatList } from '../../../shared/text/format.js'
import { runProgram } from '../../run-program.js'
import { findOnPath } from '../python.js'

/** The oldest PyTorch that the trainer was tried with. */
export const oldestPyTorch = '2.5'

/** Importing PyTorch from a cold disk takes its time. */
const importTimeoutMs = 120_000
/** An answer is good this long: a form asks at every change. */
const answerAgeMs = 60_000

const answerSchema = z.object({
  python: z.string(),
  missing: z.array(z.string()),
  torch: z.string().nullable(),
  torchvision: z.string().nullable(),
  broken: z.string().optional(),
  cuda: z.string().nullable().optional(),
  cudnn: z.string().nullable().optional(),
  nccl: z.string().nullable().optional(),
  gpus: z.number().optional(),
})

/** A Python with a PyTorch that works. Versions are null where there is no CUDA. */
export interface PyTorch {
  /** Its file. */
  python: string
  /** Why this one: "the Python on PATH". */
  source: string
  pythonVersion: string
  version: string
  torchvisionVersion: string
  cudaVersion: string | null
  cudnnVersion: string | null
  ncclVersion: string | null
}

export interface PyTorchSearch {
  /** `--python`: a file, or a name on PATH. */
  python?: string | undefined
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
}

interface Candidate {
  python: string
  source: string
}

/**
 * The PyTorch that a run takes: of the Python that was named, by `--python` or `TANDEM_PYTHON`, and of no other; else of
 * the activated environment, else of the first one on PATH that has it.
 *
 * Throws `pytorch-missing`, `pytorch-too-old` or `pytorch-broken`, with the command that mends it; `python-missing` where
 * there is no Python. Nothing is ever installed by itself.
 */
export async function findPyTorch(search: PyTorchSearch): Promise<PyTorch> {
  const candidates = await candidatesOf(search)
  let first: TandemError | null = null
  for (const candidate of candidates) {
    const found = await ask(candidate, search)
    if (!(found instanceof TandemError)) return found
    first ??= found
  }
  throw first ?? noPython('no Python was found: none is on PATH')
}

async function candidatesOf({ python, environment }: PyTorchSearch): Promise<Candidate[]> {
  const named = [
    { value: python, source: '--python' },
    { value: environment.TANDEM_PYTHON, source: 'TANDEM_PYTHON' },
  ].find(({ value }) => (value ?? '') !== '')
  if (named?.value !== undefined) {
    const { value, source } = named
    const file = /[\\/]/.test(value) ? resolve(value) : await findOnPath(value, environment)
    if (file === null || !existsSync(file)) throw noPython(`${source} ${value}: there is no such program`)
    return [{ python: file, source }]
  }
  const candidates: Candidate[] = []
  for (const file of activatedPythons(environment)) {
    candidates.push({ python: file, source: 'the activated environment' })
  }
  for (const name of ['python3', 'python']) {
    const file = await findOnPath(name, environment)
    if (file !== null) candidates.push({ python: file, source: 'PATH' })
  }
  return candidates.filter(
    ({ python: file }, index) => candidates.findIndex((other) => other.python === file) === index,
  )
}

/** Those of activated environments that are there, venv's before conda's. */
export function activatedPythons(environment: NodeJS.ProcessEnv): string[] {
  return ['VIRTUAL_ENV', 'CONDA_PREFIX'].flatMap((variable) => {
    const folder = environment[variable] ?? ''
    const file =
      process.platform === 'win32' ? pythonOnWindows(folder, variable) : join(folder, 'bin', 'python')
    return folder !== '' && existsSync(file) ? [file] : []
  })
}

function pythonOnWindows(folder: string, variable: string): string {
  return variable === 'VIRTUAL_ENV' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'python.exe')
}

const answers = new Map<string, { atMs: number; answer: Promise<PyTorch | TandemError> }>()

/** Asks a Python once in a while; where it has no PyTorch, every time, since someone may be installing it. */
async function ask(candidate: Candidate, search: PyTorchSearch): Promise<PyTorch | TandemError> {
  const known = answers.get(candidate.python)
  if (known !== undefined && performance.now() - known.atMs < answerAgeMs) return await known.answer
  const answer = askNow(candidate, search)
  answers.set(candidate.python, { atMs: performance.now(), answer })
  const found = await answer
  if (found instanceof TandemError) answers.delete(candidate.python)
  return found
}

async function askNow(
  { python, source }: Candidate,
  { environment, resourcesDirectory }: PyTorchSearch,
): Promise<PyTorch | TandemError> {
  const probe = join(resourcesDirectory, 'pytorch', 'probe.py')
  const run = await runProgram(python, ['-B', probe, oldestPyTorch], {
    environment,
    timeoutMs: importTimeoutMs,
  })
  const answer = answerSchema.safeParse(jsonOf(run.stdout))
  if (!answer.success) {
    const why = run.ending === 'timed-out' ? 'it did not answer in time' : lastLine(run.stderr)
    return broken(python, why || `it ended with exit code ${run.exitCode}`)
  }
  const { data } = answer
  if (data.missing.length > 0) return missing(python, data.missing)
  if (data.broken !== undefined) return broken(python, data.broken)
  if (data.gpus === undefined) return tooOld(python, data.torch ?? 'of an unknown version')
  return {
    python,
    source,
    pythonVersion: data.python,
    version: data.torch ?? '',
    torchvisionVersion: data.torchvision ?? '',
    cudaVersion: data.cuda ?? null,
    cudnnVersion: data.cudnn ?? null,
    ncclVersion: data.nccl ?? null,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
}

function missing(python: string, names: readonly string[]): TandemError {
  const problem = `${python} has no ${formatList(names, 'and')}`
  return refusal(
    'pytorch-missing',
    problem,
    `Install them: ${installCommand(python)}. Another Python: --python.`,
  )
}

function tooOld(python: string, version: string): TandemError {
  const problem = `${python} has PyTorch ${version}; the oldest that works is ${oldestPyTorch}`
  return refusal('pytorch-too-old', problem, `Upgrade it: ${installCommand(python, '--upgrade ')}`)
}

function broken(python: string, why: string): TandemError {
  const problem = `PyTorch of ${python} does not work: ${why}`
  return refusal(
    'pytorch-broken',
    problem,
    `Install it anew: ${installCommand(python, '--force-reinstall ')}`,
  )
}

function noPython(problem: string): TandemError {
  return refusal('python-missing', problem, 'Name a Python that has PyTorch: --python FILE.')
}

function refusal(code: string, problem: string, hint: string): TandemError {
  return new TandemError({
    code,
    message: `--backend pytorch: ${problem}`,
    hint,
    setting: { name: 'backend', problem: `${problem}. ${hint}` },
  })
}

function installCommand(python: string, options = ''): string {
  const quoted = /\s/.test(python) ? `"${python}"` : python
  return `${quoted} -m pip install ${options}torch torchvision`
}
