import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { TandemError } from '../shared/errors.js'

type Kind = 'data' | 'cache'

const variables = { data: 'TANDEM_DATA_DIR', cache: 'TANDEM_CACHE_DIR' } as const

/**
 * Where this user's data, or what can be fetched again, is kept: the folder that the variable names, else the platform's.
 * The packages that know the platforms' ask for a home when they are loaded, and a container may have none.
 *
 * Throws `no-home`.
 */
export function userFolder(kind: Kind, environment: NodeJS.ProcessEnv): string {
  const named = environment[variables[kind]]
  if (named !== undefined && named !== '') return resolve(named)
  return folderOfPlatform(kind, environment)
}

/** This user's own folder; null for one whom the system does not know. An empty HOME is none. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = process.platform === 'win32' ? environment.USERPROFILE : environment.HOME
  if (named !== undefined && named !== '') return resolve(named)
  try {
    return userInfo().homedir || null
  } catch {
    return null
  }
}

/** Throws `data-folder-invalid` for a TANDEM_DATA_DIR or TANDEM_CACHE_DIR that is there, and is no folder. */
export function assertUserFolders(environment: NodeJS.ProcessEnv): void {
  for (const kind of ['data', 'cache'] as const) {
    const folder = userFolder(kind, environment)
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found === undefined || found.isDirectory()) continue
    throw new TandemError({
      code: 'data-folder-invalid',
      message: `${folder} is not a folder`,
      hint: `Name one with ${variables[kind]}, or one that is to be made.`,
    })
  }
}

function folderOfPlatform(kind: Kind, environment: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'win32': {
      const local = environment.LOCALAPPDATA ?? join(home(environment), 'AppData', 'Local')
      return join(local, 'tandem', kind === 'data' ? 'Data' : 'Cache')
    }
    case 'darwin':
      return join(home(environment), 'Library', kind === 'data' ? 'Application Support' : 'Caches', 'tandem')
    default: {
      const named = kind === 'data' ? environment.XDG_DATA_HOME : environment.XDG_CACHE_HOME
      const usual = kind === 'data' ? ['.local', 'share'] : ['.cache']
      return join(named ? named : join(home(environment), ...usual), 'tandem')
    }
  }
}

function home(environment: NodeJS.ProcessEnv): string {
  const found = homeFolder(environment)
  if (found !== null) return found
  throw new TandemError({
    code: 'no-home',
    message: 'this user has no home folder: HOME is not set, and the system does not know the user',
    hint: 'Set HOME, or both TANDEM_DATA_DIR and TANDEM_CACHE_DIR.',
  })
}
