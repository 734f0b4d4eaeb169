import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The library of machine.c, built. */
export interface MachineLibrary {
  path: string
  dispose(): void
}

export const noMachine = 'skipped: it needs Linux and a C compiler (cc)'

/** Null where there is no compiler for it. One for a file of tests. */
export function buildMachine(): MachineLibrary | null {
  if (process.platform !== 'linux') return null
  const folder = mkdtempSync(join(tmpdir(), 'tandem-machine-'))
  const path = join(folder, 'machine.so')
  const source = fileURLToPath(new URL('machine.c', import.meta.url))
  const dispose = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', path, source, '-ldl'], { stdio: 'pipe' })
    return { path, dispose }
  } catch (error) {
    dispose()
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The machine as one scene's processes see it. */
export class Machine {
  private readonly settings: string
  readonly environment: NodeJS.ProcessEnv

  /** @param folder for what the machine is told; the owner removes it */
  constructor(library: MachineLibrary, folder: string) {
    this.settings = join(folder, 'machine')
    mkdirSync(this.settings)
    this.environment = { LD_PRELOAD: library.path, FAULTS_MACHINE: this.settings }
  }

  /** From now on the wall clock is so far ahead, or behind. */
  setClock(aheadSeconds: number): void {
    this.set('clock', String(Math.round(aheadSeconds)))
  }

  /** The machine was asleep: the clock that counts sleep is so much ahead of the one that does not. */
  sleep(seconds: number, uptimeSeconds: number): void {
    this.set('uptime', `${(uptimeSeconds + seconds).toFixed(2)} 0.00\n`)
  }

  /** Whatever changes something below this folder fails. */
  failDisk(error: 'EDQUOT' | 'EIO', below: string): void {
    this.set('disk', `${constants.errno[error]} ${below}`)
  }

  mendDisk(): void {
    rmSync(join(this.settings, 'disk'), { force: true })
  }

  /** Kills whoever renames something below this folder, the so many-th time. */
  killAtRename(count: number, when: 'before' | 'after', below: string): void {
    this.set('rename', `${count} ${when} ${below}`)
  }

  /** As a whole: it is read at any moment. */
  private set(name: string, content: string): void {
    const path = join(this.settings, name)
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  }
}
