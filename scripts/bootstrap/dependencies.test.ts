import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ensurePackages, whyInstall } from './dependencies.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem packages '))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const packageFile = { name: 'project', version: '1.0.0', devDependencies: { local: 'file:local' } }

/** A project whose one package needs no network; its install script would leave a trace. */
async function writeProject(lockedVersion = '1.0.0') {
  await mkdir(join(folder, 'local'), { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(packageFile))
  await writeFile(
    join(folder, 'local', 'package.json'),
    JSON.stringify({ name: 'local', version: lockedVersion, scripts: { install: 'echo ran > ran' } }),
  )
  await writeFile(
    join(folder, 'package-lock.json'),
    JSON.stringify({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': packageFile,
        local: { version: lockedVersion, dev: true, hasInstallScript: true },
        'node_modules/local': { resolved: 'local', link: true, dev: true },
      },
    }),
  )
}

describe('ensurePackages', () => {
  it('installs what the lock file lists, without install scripts', async () => {
    await writeProject()
    await ensurePackages(folder, 'packages', () => {})

    const installed = await readFile(join(folder, 'node_modules', 'local', 'package.json'), 'utf8')
    expect(JSON.parse(installed).version).toBe('1.0.0')
    await expect(readFile(join(folder, 'local', 'ran'))).rejects.toThrow('ENOENT')
  })

  it('installs what builds Tandem in an environment that says production, too', async () => {
    await writeProject()
    vi.stubEnv('NODE_ENV', 'production')
    await ensurePackages(folder, 'packages', () => {})

    await readFile(join(folder, 'node_modules', 'local', 'package.json'))
  })

  it('is then content, until the lock file changes or the packages are removed', async () => {
    await writeProject()
    expect(await whyInstall(folder)).toBe('they are not there yet')
    await ensurePackages(folder, 'packages', () => {})
    expect(await whyInstall(folder)).toBeNull()

    await writeProject('1.0.1')
    expect(await whyInstall(folder)).toBe('package-lock.json or Node has changed')

    await ensurePackages(folder, 'packages', () => {})
    expect(await whyInstall(folder)).toBeNull()
    await rm(join(folder, 'node_modules'), { recursive: true })
    expect(await whyInstall(folder)).toBe('they are not there yet')
  })

  it('says that npm failed, and does not take the packages for installed', async () => {
    await writeProject()
    await writeFile(join(folder, 'package.json'), 'not JSON')

    await expect(ensurePackages(folder, 'packages', () => {})).rejects.toThrow(
      'npm ci failed with exit code 1',
    )
    expect(await whyInstall(folder)).not.toBeNull()
  })
})
