import { readFile } from 'node:fs/promises'
import { TandemError } from '../../shared/errors.js'
import { findOnPath, findPythons, type Python } from './python.js'
import type { EngineRelease } from './release.js'

/** A program of the user's that fetches Python packages by the user's own configuration. */
export interface Installer {
  name: 'pip' | 'uv'
  command: string
  /** Its arguments for unpacking what `requirements`, a file, lists into `target`, and nothing else. */
  parameters: (release: EngineRelease, requirements: string, target: string) => string[]
  environment: NodeJS.ProcessEnv
}

const oldestPip = [20, 3] as const
const pipTimeoutSeconds = 15
/** uv is not watched: its two tries, each with this patience, end within the 20 s that pip is given. */
const uvTimeoutSeconds = 9

/**
 * The pip of the Python on PATH, else uv. Throws `engine-no-pip` with the command that brings pip, or
 * `engine-no-python`. Neither names an index: that is the user's own pip or uv configuration.
 */
export async function chooseInstaller(environment: NodeJS.ProcessEnv): Promise<Installer> {
  const pythons = await findPythons(environment)
  const withPip = pythons.find(hasUsablePip)
  if (withPip !== undefined) return pip(withPip.command, environment)
  const uvCommand = await findOnPath('uv', environment)
  if (uvCommand !== null) return uv(uvCommand, environment)
  const [python] = pythons
  if (python === undefined) throw noPython()
  throw await noPip(python)
}

/** The packages of a release as pip and uv read them: these wheels, to the byte, whatever an index offers. */
export function requirementsText({ packages }: EngineRelease): string {
  return packages.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join('')
}

/** pip accepts several wheel platforms, and those of PEP 600, since 20.3. */
function hasUsablePip(python: Python): boolean {
  if (python.pipVersion === null) return false
  const [major = 0, minor = 0] = python.pipVersion.split('.').map(Number)
  return major > oldestPip[0] || (major === oldestPip[0] && minor >= oldestPip[1])
}

/**
 * The wheel is chosen for Python 3.11 whatever this Python is, since only its C libraries are used. One
 * retry, so that a failed connection shows in the output and a dead index is given up soon.
 */
function pip(command: string, environment: NodeJS.ProcessEnv): Installer {
  return {
    name: 'pip',
    command,
    parameters: (release, requirements, target) => [
      ...['-B', '-m', 'pip', 'install', '--target', target, '--no-compile'],
      ...['--no-deps', '--require-hashes'],
      ...['--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11'],
      ...release.wheelPlatforms.flatMap((platform) => ['--platform', platform]),
      ...['--retries', '1', '--timeout', String(pipTimeoutSeconds), '--progress-bar', 'off'],
      ...['-r', requirements],
    ],
    environment: {
      ...environment,
      PYTHONUNBUFFERED: '1',
      PIP_NO_INPUT: '1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
      // Settings that a user may have for their own packages and that contradict a target folder.
      PIP_USER: '0',
      PIP_REQUIRE_VIRTUALENV: '0',
    },
  }
}

function uv(command: string, environment: NodeJS.ProcessEnv): Installer {
  return {
    name: 'uv',
    command,
    parameters: (release, requirements, target) => [
      ...['pip', 'install', '--target', target, '--no-progress', '--color', 'never'],
      ...['--no-deps', '--require-hashes'],
      ...['--only-binary', ':all:', '--python-version', '3.11', '--python-platform', release.uvPlatform],
      ...['-r', requirements],
    ],
    environment: {
      ...environment,
      UV_HTTP_TIMEOUT: String(uvTimeoutSeconds),
      UV_HTTP_RETRIES: '1',
    },
  }
}

function noPython(): TandemError {
  return new TandemError({
    code: 'engine-no-python',
    message: 'TensorFlow is fetched with pip or uv, and there is no python3, python or uv on PATH',
    hint: 'Install Python 3 with pip, or uv, then run: tandem engine install',
  })
}

async function noPip(python: Python): Promise<TandemError> {
  const found =
    python.pipVersion === null
      ? `${python.command} (Python ${python.version}) has no pip`
      : `${python.command} has pip ${python.pipVersion}, older than ${oldestPip.join('.')}`
  return new TandemError({
    code: 'engine-no-pip',
    message: `TensorFlow is fetched with pip, but ${found}`,
    hint: `Run "${await pipCommand(python)}", then "tandem engine install".`,
  })
}

/** Distributions take Python's own way of getting pip, ensurepip, out of their Python. */
async function pipCommand(python: Python): Promise<string> {
  if (python.pipVersion !== null) return `${python.command} -m pip install --user --upgrade pip`
  if (python.command.startsWith('/usr/bin/')) {
    const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
    if (/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)) return 'sudo apt install python3-pip'
    if (/^ID(_LIKE)?=.*\b(fedora|rhel)\b/m.test(release)) return 'sudo dnf install python3-pip'
  }
  return `${python.command} -m ensurepip --upgrade --user`
}
