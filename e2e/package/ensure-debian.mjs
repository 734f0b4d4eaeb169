import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import which from 'which'
import { runProgram } from '../../scripts/bootstrap/child-process.mjs'
import { withLock } from '../../scripts/bootstrap/lock.mjs'
import { say, secondsSince } from '../../scripts/bootstrap/progress.mjs'
import { depends } from '../../scripts/packaging/linux/dependencies.mjs'
import { laneFolder } from '../electron/lane-folder.mjs'

/** The ordinary user of that Debian. */
export const person = { name: 'person', id: 1000, home: '/home/person' }

/** Debian's own name of the release that runs here; null on anything but Debian, as root. */
const release = process.platform === 'linux' && process.getuid?.() === 0 ? debianRelease() : null

/** Where a Debian lies that holds what the package depends on, and nothing more; it is never written to. */
export const debianFolder = join(
  laneFolder,
  `debian-${release}-${createHash('sha256').update(depends.join()).digest('hex').slice(0, 8)}`,
)

/**
 * Makes that Debian by debootstrap, from the mirror that this machine's apt uses, where it is not there yet.
 *
 * @returns {Promise<string | null>} why there is none; null when it is there
 */
export async function ensureDebian() {
  if (release === null) return 'the package is installed in a Debian of its own, which root makes on Debian'
  for (const program of ['debootstrap', 'fakeroot', 'nsenter'])
    if ((await which(program, { nothrow: true })) === null) return `${program} is not there`
  if (await hasDebian()) return null
  return await withLock(join(laneFolder, 'debian-lock'), async () => {
    if (await hasDebian()) return null
    const startedAtMs = performance.now()
    say('making a Debian of its own for the test of the package, about 400 MB, with debootstrap')
    const building = `${debianFolder}.new`
    await rm(building, { recursive: true, force: true })
    await mkdir(building, { recursive: true })
    for (const [program = '', ...args] of await steps(building)) {
      const { code, stdout } = await runProgram(program, args, { cwd: laneFolder, output: 'capture' })
      if (code === 0) continue
      say(stdout.trim().split('\n').slice(-3).join('\n'))
      return `${program} could not make a Debian for it`
    }
    await rename(building, debianFolder)
    say(`it is there after ${secondsSince(startedAtMs)}`)
    return null
  })
}

/** Whether it was made: the folder appears as a whole. */
export async function hasDebian() {
  return (await stat(debianFolder).catch(() => null)) !== null
}

/**
 * @param {string} folder
 * @returns {Promise<string[][]>}
 */
async function steps(folder) {
  const inside = ['unshare', '--mount', '--pid', '--fork', `--mount-proc=${folder}/proc`, 'chroot', folder]
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes']
  return [
    ['debootstrap', '--variant=minbase', String(release), folder, await mirror()],
    // As `apt install ./tandem.deb` would; `dpkg --install` alone fetches nothing.
    [...inside, ...apt, '--no-install-recommends', 'satisfy', depends.join(', ')],
    [...inside, 'useradd', '--create-home', `--uid=${person.id}`, person.name],
    [...inside, 'apt-get', 'clean'],
  ]
}

/** The first one of Debian's own. */
async function mirror() {
  const { stdout } = await runProgram(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(CODENAME) $(LABEL)', 'Created-By: Packages'],
    { cwd: '/', output: 'capture' },
  )
  const line = stdout.split('\n').find((text) => text.endsWith(` ${release} Debian`))
  return line?.split(' ')[0] ?? 'http://deb.debian.org/debian'
}

function debianRelease() {
  try {
    const text = readFileSync('/etc/os-release', 'utf8')
    return /^ID=debian$/m.test(text) ? (/^VERSION_CODENAME=(\S+)$/m.exec(text)?.[1] ?? null) : null
  } catch {
    return null
  }
}
