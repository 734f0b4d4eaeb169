import { randomBytes } from 'node:crypto'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type InstallOptions, installEngine } from './install.js'
import type { InstallProgress } from './install-progress.js'
import { locateEngine, searchEngine } from './locate.js'
import type { EngineLocation } from './location.js'
import { type IndexBehaviour, type PackageIndex, servePackages } from './package-index.fixture.js'
import { currentPlatform } from './platform.js'
import { findPythons } from './python.js'
import { engineRelease, engineVersion, libraryNames } from './release.js'
import { removeEngine } from './remove.js'
import { verifyEngine } from './verify.js'
import { buildWheel, lockOf, sha256, type Wheel } from './wheel.fixture.js'

const pythons = await findPythons()
const python = pythons.find(({ pipVersion }) => pipVersion !== null)
const platform = currentPlatform()
const supported = ['linux x64', 'linux arm64', 'darwin arm64'].includes(
  `${platform.system} ${platform.architecture}`,
)
const [framework, cc] = libraryNames(process.platform)

/** Does not compress, so that half the wheel is half the library. */
const ccLibrary = randomBytes(1 << 20)
const frameworkLibrary = randomBytes(1 << 16)

let cache: string
let index: PackageIndex | undefined
/** What counts as published. */
let published: Wheel[]

async function tensorflowWheel(changes: { claimedHash?: string; withoutCc?: boolean } = {}): Promise<Wheel> {
  const release = engineRelease(platform, 'cpu')
  return await buildWheel({
    distribution: (release.packages[0]?.name ?? '').replaceAll('-', '_'),
    version: engineVersion,
    platform: release.wheelPlatforms[1] ?? release.wheelPlatforms[0] ?? '',
    files: {
      [`tensorflow/${framework}`]: frameworkLibrary,
      ...(changes.withoutCc === true ? {} : { [`tensorflow/${cc}`]: ccLibrary }),
      'tensorflow/__init__.py': Buffer.from('raise SystemExit("never imported")\n'),
    },
    ...(changes.claimedHash === undefined
      ? {}
      : { claimedHash: { path: `tensorflow/${cc}`, sha256: changes.claimedHash } }),
  })
}

/** pip as it is here, told of nothing but the index under test. */
function environment(indexUrl: string, changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TANDEM_CACHE_DIR: cache,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: indexUrl,
    PIP_NO_CACHE_DIR: '1',
    NO_PROXY: '127.0.0.1',
    ...changes,
  }
}

async function serve(wheels: Wheel[], behaviour?: IndexBehaviour): Promise<NodeJS.ProcessEnv> {
  index = await servePackages(wheels, behaviour)
  published = wheels
  return environment(index.url)
}

/** The install under test, of the wheels that are served unless said otherwise. */
function install(environment: NodeJS.ProcessEnv, options: InstallOptions = {}): Promise<EngineLocation> {
  return installEngine({ flavour: 'cpu', environment, packages: lockOf(published), ...options })
}

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'tandem-engine-'))
  // Unlike an afterEach, it also runs when a check after the test fails.
  onTestFinished(async () => {
    await index?.close()
    index = undefined
    await rm(cache, { recursive: true })
  })
})

const whyNot = !supported
  ? ' (skipped: no TensorFlow for this platform)'
  : python === undefined
    ? ' (skipped: no Python with pip)'
    : ''

describe.skipIf(whyNot !== '')(`installing the engine from a package index${whyNot}`, () => {
  let wheel: Wheel
  beforeAll(async () => {
    wheel = await tensorflowWheel()
  })

  it('unpacks the two libraries, nothing else, and finds them afterwards', async () => {
    const env = await serve([wheel])
    const phases: InstallProgress['phase'][] = []
    const engine = await install(env, { onProgress: ({ phase }) => phases.push(phase) })

    const directory = join(cache, 'engine', 'tensorflow')
    expect(engine).toEqual({ directory, version: engineVersion, source: 'engine-folder', flavour: 'cpu' })
    expect((await readdir(directory)).sort()).toEqual([cc, framework].sort())
    expect(await readFile(join(directory, cc))).toEqual(ccLibrary)
    expect(await locateEngine({ environment: env })).toEqual(engine)
    expect(await verifyEngine(engine)).toEqual({ outcome: 'intact' })
    expect(await readdir(cache)).toEqual(['engine'])
    expect(phases).toContain('verifying')
  })

  it('leaves an intact engine alone, without asking the index', async () => {
    const env = await serve([wheel])
    await install(env)
    const asked = index?.requests.length
    await install(env)
    expect(index?.requests.length).toBe(asked)
  })

  it('does not find an engine with a truncated library, and replaces it', async () => {
    const env = await serve([wheel])
    const engine = await install(env)
    await truncate(join(engine.directory, cc), 1000)
    const search = await searchEngine({ environment: env })
    expect(search.attempts.find(({ source }) => source === 'engine-folder')?.reason).toMatch(
      /damaged.*1000 bytes/,
    )

    await install(env)
    expect(await readFile(join(engine.directory, cc))).toEqual(ccLibrary)
  })

  it('detects a single changed byte at the next start, whatever the time of the file says, and replaces the library', async () => {
    const env = await serve([wheel])
    const engine = await install(env)
    const changed = Buffer.from(ccLibrary)
    changed.writeUInt8(changed.readUInt8(12_345) ^ 1, 12_345)
    const { atime, mtime } = await stat(join(engine.directory, cc))
    await writeFile(join(engine.directory, cc), changed)
    await utimes(join(engine.directory, cc), atime, mtime)
    const { attempts } = await searchEngine({ environment: env })
    expect(attempts.find(({ source }) => source === 'engine-folder')?.reason).toMatch(
      /damaged: .* does not have the published SHA-256/,
    )
    expect(await verifyEngine(engine)).toMatchObject({ outcome: 'damaged' })

    await install(env)
    expect(await verifyEngine(engine)).toEqual({ outcome: 'intact' })
  })

  it('is the engine still where only its files were put back from a copy', async () => {
    const env = await serve([wheel])
    const engine = await install(env)
    await rm(join(engine.directory, cc))
    await writeFile(join(engine.directory, cc), ccLibrary)
    expect(await locateEngine({ environment: env })).toEqual(engine)
    expect(await locateEngine({ environment: env })).toEqual(engine)
  })

  it('takes over from an install that was killed', async () => {
    const env = await serve([wheel])
    await mkdir(join(cache, 'engine-staging-gone', 'packages'), { recursive: true })
    await writeFile(join(cache, 'engine.lock'), '')
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(join(cache, 'engine.lock'), longAgo, longAgo)
    await install(env)
    expect(await readdir(cache)).toEqual(['engine'])
  })

  it('downloads once when two installs start together', async () => {
    const env = await serve([wheel])
    const [first, second] = await Promise.all([1, 2].map(() => install(env)))
    expect(second).toEqual(first)
    expect(index?.requests.filter((path) => path.endsWith('.whl'))).toHaveLength(1)
  })

  it('removes its own folder and nothing beside it', async () => {
    const env = await serve([wheel])
    await install(env)
    await writeFile(join(cache, 'other.txt'), 'kept')
    expect(await removeEngine({ environment: env })).toMatchObject({ removed: true })
    expect(await removeEngine({ environment: env })).toMatchObject({ removed: false })
    expect(await readdir(cache)).toEqual(['other.txt'])
  })

  it.runIf(`${platform.system} ${platform.architecture}` === 'linux x64')(
    'puts the CUDA libraries beside TensorFlow, without headers and without its Python dependencies',
    async () => {
      const tag = 'manylinux_2_17_x86_64'
      const libraries = { [`tensorflow/${framework}`]: frameworkLibrary, [`tensorflow/${cc}`]: ccLibrary }
      const wheels = [
        await buildWheel({
          distribution: 'tensorflow',
          version: engineVersion,
          platform: tag,
          files: libraries,
          metadata: [
            'Provides-Extra: and-cuda',
            'Requires-Dist: nvidia-cudnn-cu12; extra == "and-cuda"',
            'Requires-Dist: absl-py',
          ],
        }),
        await buildWheel({
          distribution: 'nvidia_cudnn_cu12',
          version: '9.0',
          platform: tag,
          files: {
            'nvidia/cudnn/lib/libcudnn.so.9': randomBytes(100),
            'nvidia/cudnn/include/cudnn.h': Buffer.from('/* header */'),
          },
        }),
      ]
      const engine = await install(await serve(wheels), { flavour: 'cuda' })
      expect(engine.flavour).toBe('cuda')
      const folder = join(cache, 'engine')
      expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'nvidia', 'seen.json', 'tensorflow'])
      expect(await readdir(join(folder, 'nvidia', 'cudnn'))).toEqual(['lib'])
    },
  )

  describe('when it goes wrong, says why and leaves nothing behind', () => {
    afterEach(async () => {
      expect(await readdir(cache)).toEqual([])
      await vi.waitFor(() => expect(index?.openConnections() ?? 0).toBe(0))
    })

    it.each<[string, IndexBehaviour]>([
      ['changes a byte', 'corrupt'],
      ['hangs up half-way', 'truncate'],
    ])('an index that %s', async (_what, behaviour) => {
      const env = await serve([wheel], behaviour)
      await expect(install(env)).rejects.toMatchObject({
        code: 'engine-download-damaged',
      })
    })

    it.each<[string, IndexBehaviour]>([
      ['accepts and never answers', 'silent'],
      ['falls silent half-way', 'stall'],
    ])('an index that %s', async (_what, behaviour) => {
      const env = await serve([wheel], behaviour)
      const installing = install(env, { noProgressMs: 1_500 })
      await expect(installing).rejects.toMatchObject({ code: 'engine-no-progress' })
    })

    it('an index that refuses the connection', async () => {
      const closed = await servePackages([])
      await closed.close()
      published = [wheel]
      await expect(install(environment(closed.url))).rejects.toMatchObject({
        code: 'engine-index-unreachable',
        message: expect.stringMatching(/refused/),
      })
    })

    it('a wheel other than the one that was published, under its name and with a hash of its own', async () => {
      const env = await serve([await tensorflowWheel({ withoutCc: true })])
      published = [wheel]
      await expect(install(env)).rejects.toMatchObject({ code: 'engine-download-damaged' })
    })

    it('an index without TensorFlow', async () => {
      const env = await serve([])
      published = [wheel]
      await expect(install(env)).rejects.toMatchObject({
        code: 'engine-not-in-index',
      })
    })

    it('a wheel whose library is not the one its RECORD lists', async () => {
      const env = await serve([
        await tensorflowWheel({ claimedHash: sha256(Buffer.from('other'), 'base64url') }),
      ])
      await expect(install(env)).rejects.toMatchObject({
        code: 'engine-download-damaged',
        message: expect.stringContaining(cc),
      })
    })

    it('a wheel without one of the libraries', async () => {
      const env = await serve([await tensorflowWheel({ withoutCc: true })])
      await expect(install(env)).rejects.toMatchObject({
        code: 'engine-download-damaged',
        message: expect.stringContaining(cc),
      })
    })

    it('a cancelled download, with pip gone', async () => {
      const env = await serve([wheel], 'stall')
      const controller = new AbortController()
      const installing = install(env, {
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.phase === 'downloading' && progress.receivedBytes > 0) controller.abort()
        },
      })
      await expect(installing).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
})

describe('installing the engine without pip', () => {
  let programs: string
  beforeEach(async () => {
    programs = join(cache, 'bin')
    await mkdir(programs)
  })

  it.skipIf(!supported)(`says that there is no Python on PATH${supported ? '' : whyNot}`, async () => {
    await expect(
      installEngine({ flavour: 'cpu', environment: { PATH: programs, TANDEM_CACHE_DIR: cache } }),
    ).rejects.toMatchObject({ code: 'engine-no-python' })
  })

  it.skipIf(whyNot !== '')(`gives the command that brings pip to a Python${whyNot}`, async () => {
    const command = join(programs, 'python3')
    // -S keeps site-packages, and pip with it, off Python's path.
    await writeFile(command, `#!/bin/sh\nexec "${python?.command}" -S "$@"\n`)
    await chmod(command, 0o755)
    await expect(
      installEngine({
        flavour: 'cpu',
        environment: { PATH: `${programs}:/bin:/usr/bin`, TANDEM_CACHE_DIR: cache },
      }),
    ).rejects.toMatchObject({
      code: 'engine-no-pip',
      hint: expect.stringContaining(`${command} -m ensurepip`),
    })
  })
})
