import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { locateEngine, searchEngine } from './locate.js'
import { type Manifest, writeManifest } from './manifest.js'
import { findPythons } from './python.js'
import { libraryNames } from './release.js'
import { sha256 } from './wheel.fixture.js'

const hasPython = (await findPythons()).length > 0
const [framework, cc] = libraryNames(process.platform)
const library = Buffer.from('stands for a library')

let folder: string
let environment: NodeJS.ProcessEnv

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-locate-'))
  environment = { PATH: '', TANDEM_CACHE_DIR: join(folder, 'cache') }
})
afterEach(() => rm(folder, { recursive: true }))

async function tensorflowIn(parent: string, version = '2.21.0', names = [framework, cc]): Promise<string> {
  const directory = join(folder, parent, 'tensorflow')
  await mkdir(directory, { recursive: true })
  const metadata = join(folder, parent, `tensorflow-${version}.dist-info`)
  await mkdir(metadata)
  await writeFile(
    join(metadata, 'METADATA'),
    `Metadata-Version: 2.1\nName: tensorflow\nVersion: ${version}\n`,
  )
  for (const name of names) await writeFile(join(directory, name), library)
  return directory
}

async function engineInstalled(changes: Partial<Manifest> = {}): Promise<string> {
  const directory = join(folder, 'cache', 'engine', 'tensorflow')
  await mkdir(directory, { recursive: true })
  for (const name of [framework, cc]) await writeFile(join(directory, name), library)
  await writeManifest(join(folder, 'cache', 'engine'), {
    format: 'tandem-engine',
    version: 1,
    tensorflowVersion: '2.21.0',
    flavour: 'cpu',
    platform: `${process.platform} ${process.arch}`,
    installedAt: new Date().toISOString(),
    files: [framework, cc].map((name) => ({
      path: `tensorflow/${name}`,
      sizeBytes: library.length,
      sha256: sha256(library, 'hex'),
    })),
    ...changes,
  })
  return directory
}

describe('locateEngine', () => {
  it('takes the setting before the environment, that before the engine folder', async () => {
    const chosen = await tensorflowIn('chosen')
    const exported = await tensorflowIn('exported', '2.20.1')
    const installed = await engineInstalled()
    const both = { ...environment, TANDEM_TENSORFLOW_DIR: exported }

    expect(await locateEngine({ directory: chosen, environment: both })).toEqual({
      directory: chosen,
      version: '2.21.0',
      source: 'setting',
      flavour: 'cpu',
    })
    expect(await locateEngine({ environment: both })).toMatchObject({
      directory: exported,
      version: '2.20.1',
      source: 'environment',
    })
    expect(await locateEngine({ environment })).toMatchObject({
      directory: installed,
      source: 'engine-folder',
    })
  })

  it('says of every place why it does not serve', async () => {
    const { engine, attempts } = await searchEngine({ environment })
    expect(engine).toBeNull()
    expect(attempts).toEqual([
      { source: 'setting', place: '--tensorflow-dir', reason: 'not set' },
      { source: 'environment', place: 'TANDEM_TENSORFLOW_DIR', reason: 'not set' },
      { source: 'engine-folder', place: join(folder, 'cache', 'engine'), reason: 'no engine installed' },
      { source: 'python', place: 'PATH', reason: 'no Python on PATH answers' },
    ])
  })

  it.each([
    ['neither library', [], framework],
    ['only the framework', [framework], cc],
  ])('refuses a named folder with %s instead of going on', async (_what, names, missing) => {
    const directory = await tensorflowIn('named', '2.21.0', names)
    await engineInstalled()
    await expect(locateEngine({ directory, environment })).rejects.toMatchObject({
      code: 'engine-folder-invalid',
      message: expect.stringMatching(new RegExp(`${directory}.*${missing}`)),
      hint: expect.stringContaining(cc),
    })
  })

  it.each<[string, Partial<Manifest>, RegExp]>([
    ['another platform', { platform: 'darwin mips' }, /for darwin mips/],
    ['another version', { tensorflowVersion: '2.9.3' }, /2\.9\.3.*2\.21/],
    [
      'a library of another size',
      { files: [{ path: `tensorflow/${cc}`, sizeBytes: 1, sha256: sha256(library, 'hex') }] },
      /damaged: .*instead of 1/,
    ],
    [
      'a library that is gone',
      { files: [{ path: 'tensorflow/gone', sizeBytes: 1, sha256: sha256(library, 'hex') }] },
      /damaged: tensorflow\/gone is missing/,
    ],
  ])('passes over an engine folder with %s', async (_what, changes, reason) => {
    await engineInstalled(changes)
    const { engine, attempts } = await searchEngine({ environment })
    expect(engine).toBeNull()
    expect(attempts.find(({ source }) => source === 'engine-folder')?.reason).toMatch(reason)
  })

  it('passes over an engine folder whose install never finished', async () => {
    await engineInstalled()
    await rm(join(folder, 'cache', 'engine', 'manifest.json'))
    expect(await locateEngine({ environment })).toBeNull()
  })

  it('passes over a manifest that points out of its folder', async () => {
    await engineInstalled({ files: [{ path: '../../x', sizeBytes: 1, sha256: sha256(library, 'hex') }] })
    expect(await locateEngine({ environment })).toBeNull()
  })

  it('takes a folder with the CUDA libraries beside it for a CUDA engine', async () => {
    const directory = await tensorflowIn('cuda')
    await mkdir(join(folder, 'cuda', 'nvidia', 'cudnn'), { recursive: true })
    expect(await locateEngine({ directory, environment })).toMatchObject({ flavour: 'cuda' })
  })

  describe.skipIf(!hasPython)(
    `with a Python's TensorFlow${hasPython ? '' : ' (skipped: no python3)'}`,
    () => {
      const withPackages = () => ({
        ...environment,
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONPATH: join(folder, 'packages'),
      })

      it('finds it without importing it', async () => {
        const directory = await tensorflowIn('packages')
        await writeFile(join(directory, '__init__.py'), 'raise SystemExit("imported")\n')
        expect(await locateEngine({ environment: withPackages() })).toEqual({
          directory,
          version: '2.21.0',
          source: 'python',
          flavour: 'cpu',
        })
      })

      it.each([
        ['of a version that Tandem does not work with', '2.4.0', [framework, cc], /2\.4\.0/],
        ['without the C++ library', '2.21.0', [framework], new RegExp(cc)],
      ])('passes over one %s', async (_what, version, names, reason) => {
        const directory = await tensorflowIn('packages', version, names)
        await writeFile(join(directory, '__init__.py'), '')
        const { engine, attempts } = await searchEngine({ environment: withPackages() })
        expect(engine).toBeNull()
        expect(attempts.at(-1)).toMatchObject({ source: 'python', reason: expect.stringMatching(reason) })
      })
    },
  )
})
