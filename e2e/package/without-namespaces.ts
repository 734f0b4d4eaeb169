import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, writeFileSync } from 'node:fs'
import { killGroup, killProcess } from '../electron/process-group.js'
import { descendantsOf } from '../electron/process-tree.js'
import { eventually } from '../eventually.js'

const ordinaryUser = 1000

/**
 * What a program prints in a terminal, up to the first line that matches, on a system that forbids user namespaces as
 * Ubuntu does, run by an ordinary user. The system is this one: in a user namespace in which everybody keeps their number,
 * and in which no further one may be made. Needs root.
 *
 * @param command for a shell
 * @param folder becomes that user's home
 */
export async function printedWithoutNamespaces(
  command: string,
  wanted: RegExp,
  folder: string,
  environment: Record<string, string>,
): Promise<string> {
  chownSync(folder, ordinaryUser, ordinaryUser)
  const holder = spawn('unshare', ['--user', 'sh', '-c', 'echo; read end'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(holder.stdout, 'data')
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, '0 0 65536')
  const become = `setpriv --reuid=${ordinaryUser} --regid=${ordinaryUser} --clear-groups`
  const inTerminal = `exec ${become} script --quiet --command "$COMMAND" /dev/null`
  const program = spawn(
    'nsenter',
    [
      ...[`--target=${holder.pid}`, '--user', '--setuid=0', '--setgid=0'],
      ...['sh', '-c', `echo 0 >/proc/sys/user/max_user_namespaces && ${inTerminal}`],
    ],
    {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', COMMAND: command, HOME: folder, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  )
  let text = ''
  try {
    for await (const chunk of program.stdout) {
      text += String(chunk)
      if (wanted.test(text)) break
    }
    return text
  } finally {
    // What runs in the terminal has a session of its own, which ends a moment after its terminal.
    const inIt = descendantsOf(program.pid as number)
    killGroup(program.pid as number)
    for (const pid of inIt) killProcess(pid)
    await eventually('all of it has ended', 10_000, () => inIt.every((pid) => !existsSync(`/proc/${pid}`)))
    holder.kill('SIGKILL')
  }
}
