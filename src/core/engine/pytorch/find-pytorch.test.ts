import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TandemError } from '../../../shared/errors.js'
import { findPyTorch, oldestPyTorch, type PyTorch } from './find-pytorch.js'

const realPython = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout?.trim()
const reason = process.platform === 'win32' ? 'shell scripts stand for Pythons' : 'no python3 on PATH'
const canRun = process.platform !== 'win32' && Boolean(realPython)

/** What probe.py asks of a PyTorch that works. */
const works = `
import types
__version__ = '2.15.0+cpu'
version = types.SimpleNamespace(cuda=None)
cuda = types.SimpleNamespace(is_available=lambda: False)
backends = types.SimpleNamespace(cudnn=types.SimpleNamespace(version=lambda: None))
distributed = types.SimpleNamespace(is_available=lambda: True, is_gloo_available=lambda: True)
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-find-pytorch-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

interface Packages {
  /** The source of `torch`; null where there is none. */
  torch?: string | null
  version?: string
}

/** A Python with these packages and no other, in a folder `bin` of its own; returns its file. */
async function makePython(
  name: string,
  { torch = works, version = '2.15.0' }: Packages = {},
): Promise<string> {
  const packages = join(folder, name, 'packages')
  const bin = join(folder, name, 'bin')
  await mkdir(bin, { recursive: true })
  for (const [distribution, source] of Object.entries({ torch, torchvision: "__version__ = '0.29.2'" })) {
    if (source === null) continue
    await mkdir(join(packages, distribution), { recursive: true })
    await writeFile(join(packages, distribution, '__init__.py'), source)
    const information = join(packages, `${distribution}-${version}.dist-info`)
    await mkdir(information)
    await writeFile(
      join(information, 'METADATA'),
      `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n`,
    )
  }
  return await makeProgram(join(bin, 'python'), `PYTHONPATH='${packages}' exec '${realPython}' -S "$@"`)
}

async function makeProgram(path: string, line: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${line}\n`)
  await chmod(path, 0o755)
  return path
}

function find(environment: NodeJS.ProcessEnv, python?: string): Promise<PyTorch> {
  const resourcesDirectory = fileURLToPath(new URL('../../../../resources', import.meta.url))
  return findPyTorch({ python, environment: { PATH: '', ...environment }, resourcesDirectory })
}

async function refusalOf(finding: Promise<PyTorch>): Promise<TandemError> {
  const thrown = await finding.catch((error: unknown) => error)
  if (!(thrown instanceof TandemError)) throw new Error(`found ${JSON.stringify(thrown)}`)
  expect(`${thrown.message} ${thrown.hint}`).not.toContain('\n')
  return thrown
}

describe.skipIf(!canRun)(`the PyTorch that a run takes${canRun ? '' : ` (skipped: ${reason})`}`, () => {
  it('is that of --python, else of TANDEM_PYTHON, else of the activated environment, else the one on PATH', async () => {
    const [named, variable, activated, onPath] = await Promise.all(
      ['named', 'variable', 'activated', 'path'].map((name) => makePython(name)),
    )
    const environment = {
      TANDEM_PYTHON: variable,
      VIRTUAL_ENV: join(folder, 'activated'),
      PATH: join(folder, 'path', 'bin'),
    }
    expect(await find(environment, named)).toMatchObject({ python: named, source: '--python' })
    expect(await find(environment)).toMatchObject({ python: variable, source: 'TANDEM_PYTHON' })
    const unnamed = { ...environment, TANDEM_PYTHON: '' }
    expect(await find(unnamed)).toMatchObject({ python: activated, source: 'the activated environment' })
    expect(await find({ PATH: environment.PATH })).toMatchObject({ python: onPath, source: 'PATH' })
  })

  it('says what it is', async () => {
    expect(await find({}, await makePython('whole'))).toMatchObject({
      version: '2.15.0+cpu',
      torchvisionVersion: '0.29.2',
      cudaVersion: null,
      ncclVersion: null,
    })
  })

  it('is looked for on PATH where the activated environment has none', async () => {
    await makePython('activated', { torch: null })
    const onPath = await makePython('path')
    const environment = { VIRTUAL_ENV: join(folder, 'activated'), PATH: join(folder, 'path', 'bin') }
    expect(await find(environment)).toMatchObject({ python: onPath })
  })

  it('is not taken from another Python than the one that was named', async () => {
    const without = await makePython('without', { torch: null })
    await makePython('path')
    const refused = await refusalOf(find({ PATH: join(folder, 'path', 'bin') }, without))
    expect(refused).toMatchObject({
      code: 'pytorch-missing',
      message: `--backend pytorch: ${without} has no torch`,
      hint: `Install them: ${without} -m pip install torch torchvision. Another Python: --python.`,
    })
  })

  it('may not be older than the oldest that was tried, which is not even loaded', async () => {
    const old = await makePython('old', { version: '2.0.1', torch: 'raise SystemError("loaded")' })
    const refused = await refusalOf(find({}, old))
    expect(refused).toMatchObject({
      code: 'pytorch-too-old',
      message: `--backend pytorch: ${old} has PyTorch 2.0.1; the oldest that works is ${oldestPyTorch}`,
    })
    expect(refused.hint).toContain('pip install --upgrade torch torchvision')
  })

  it.each([
    [
      'raises',
      'raise OSError("libcudart.so.13: cannot open shared object file")',
      /OSError: libcudart\.so\.13/,
    ],
    ['ends the process', 'import os; os._exit(3)', /ended with exit code 3/],
    ['crashes', 'import os; os.abort()', /does not work/],
    ['is half of one', '', /AttributeError/],
  ])('is refused where loading it %s', async (_, torch, says) => {
    const refused = await refusalOf(find({}, await makePython('broken', { torch })))
    expect(refused.code).toBe('pytorch-broken')
    expect(refused.message).toMatch(says)
    expect(refused.hint).toContain('pip install --force-reinstall torch torchvision')
  })

  it('is refused where the program is no Python at all', async () => {
    const cat = await makeProgram(join(folder, 'no-python'), 'echo hello; exit 0')
    expect((await refusalOf(find({}, cat))).code).toBe('pytorch-broken')
  })
})

describe('without any Python', () => {
  it('the one that was named is said to be missing', async () => {
    for (const name of [join('no', 'such', 'python'), 'no-such-python']) {
      const refused = await refusalOf(find({}, name))
      expect(refused.code).toBe('python-missing')
      expect(refused.message).toContain(`--python ${name}: there is no such program`)
    }
    expect((await refusalOf(find({ TANDEM_PYTHON: 'no-such-python' }))).message).toContain('TANDEM_PYTHON')
  })

  it('what to name is said', async () => {
    const refused = await refusalOf(find({ PATH: tmpdir() }))
    expect(refused).toMatchObject({
      code: 'python-missing',
      hint: 'Name a Python that has PyTorch: --python FILE.',
    })
  })
})
