/**
 * The command line of a shell that becomes the program, after it has left somebody behind who waits for the end of a pipe
 * that only this process holds open: when the kernel closes it, because this process is gone, the whole process group is
 * killed, frozen or not. A signal of the kernel's own (PR_SET_PDEATHSIG) would have to be asked for by the program itself.
 *
 * Spawn it with a pipe as its standard input, as the leader of a process group, and destroy that pipe when it exits; the
 * program itself has no input. POSIX only.
 */
export function leashed(command: readonly [string, ...string[]]): [string, ...string[]] {
  return ['/bin/sh', '-c', script, 'sh', ...command]
}

const script = `exec 3<&0 </dev/null
(read -r _; kill -s KILL -- "-$$") <&3 >/dev/null 2>&1 &
exec 3<&-
exec "$@"`
