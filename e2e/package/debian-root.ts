import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { childrenOf } from '../electron/process-tree.js'
import { debianFolder, person } from './ensure-debian.mjs'

/** A Debian in which nothing was ever installed but what the package depends on. What happens to it is forgotten. */
export interface DebianRoot {
  /** What a program that root runs in it prints. Throws where it fails. */
  run(program: string, ...args: string[]): string
  /** As `run`, for its ordinary user. */
  runAsPerson(program: string, ...args: string[]): string
  /** Starts a program as its ordinary user, who leads a process group of their own. */
  startAsPerson(program: string, args: string[], environment: Record<string, string>): ChildProcess
  /** Where one of its paths is, seen from outside. */
  outside(path: string): string
  /** Every file that is not as it was when it was opened: made, changed or removed. */
  changedFiles(): string[]
  /** Ends all that runs in it. */
  close(): Promise<void>
}

/**
 * Its files lie on the made Debian as a layer in memory, in mounts and process numbers of its own: the kernel frees all
 * of it with its first process. Its network is this machine's. A change of root by chroot would not do: the kernel lets
 * nobody in such a one make the namespaces that Chromium's sandbox is made of.
 */
const layout = `
set -e
mount --make-rprivate /
mount -t tmpfs -o size=3g tmpfs /mnt
mkdir /mnt/changes /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$DEBIAN,upperdir=/mnt/changes,workdir=/mnt/work" /mnt/root
mount --bind /mnt /mnt/root/mnt
root=/mnt/root
mount -t proc proc $root/proc
mount -t sysfs -o ro sysfs $root/sys
mount -t tmpfs tmpfs $root/dev
for name in null zero full random urandom tty; do : >$root/dev/$name; mount --bind /dev/$name $root/dev/$name; done
mkdir -m 1777 $root/dev/shm
mount -t tmpfs tmpfs $root/dev/shm
mount -t tmpfs tmpfs $root/tmp
mkdir -m 1777 $root/tmp/.X11-unix
mount --bind /tmp/.X11-unix $root/tmp/.X11-unix
for pair in "$@"; do
  mkdir -p "$root/srv/\${pair##*:}"
  mount --bind "\${pair%:*}" "$root/srv/\${pair##*:}"
  mount -o remount,bind,ro "$root/srv/\${pair##*:}"
done
cd $root
pivot_root . .
umount -l .
cd /
echo ready
read end
`

/** @param brought folders from outside, which lie in it as `/srv/NAME`, unchangeable */
export async function openDebianRoot(brought: Record<string, string>): Promise<DebianRoot> {
  const pairs = Object.entries(brought).map(([name, folder]) => `${folder}:${name}`)
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child']
  const holder = spawn('unshare', [...namespaces, 'sh', '-c', layout, 'sh', ...pairs], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN: debianFolder },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const end = once(holder, 'exit')
  const beginning = await Promise.race([once(holder.stdout as Readable, 'data'), end.then(() => null)])
  if (beginning === null) throw new Error('the Debian was not opened; its last word is above')
  const [first = 0] = childrenOf(holder.pid as number)
  const enter = [`--target=${first}`, '--mount', '--pid', 'env', '-i']
  const asPerson = ['setpriv', `--reuid=${person.id}`, `--regid=${person.id}`, '--clear-groups']
  const environment = (more: Record<string, string>, home: string): string[] =>
    Object.entries({ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: home, ...more }).map(
      ([name, value]) => `${name}=${value}`,
    )
  const run = (...command: string[]): string => execFileSync('nsenter', command, { encoding: 'utf8' })
  const outside = (path: string): string => `/proc/${first}/root${path}`

  return {
    run: (program, ...args) => run(...enter, ...environment({}, '/root'), program, ...args),
    runAsPerson: (program, ...args) =>
      run(...enter, ...environment({}, person.home), ...asPerson, program, ...args),
    startAsPerson(program, args, more) {
      const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit'], detached: true }
      const command = [...environment(more, person.home), ...asPerson, program, ...args]
      return spawn('nsenter', [...enter, ...command], options)
    },
    outside,
    changedFiles: () =>
      readdirSync(outside('/mnt/changes'), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .map((path) => path.slice(outside('/mnt/changes').length))
        .filter((path) => !isSame(outside(path), join(debianFolder, path))),
    async close() {
      holder.kill('SIGKILL')
      await end
    },
  }
}

/** What was written anew with the same bytes has not changed, as caches are that a package's removal makes again. */
function isSame(path: string, before: string): boolean {
  try {
    return readFileSync(path).equals(readFileSync(before))
  } catch {
    return false
  }
}
