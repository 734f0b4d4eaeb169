import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { describe } from 'vitest'

/**
 * A network of its own with nothing in it but a loopback interface, for processes that listen on all
 * interfaces: inside, that is none that anything outside could reach.
 */
export interface NetworkNamespace {
  /** A command line to put in front of another one, which then runs inside, under the same process id. */
  readonly enter: readonly [command: string, ...leadingArguments: string[]]
  close(): Promise<void>
}

/** As root plainly; else with a user namespace, where the system lets users make them. */
const ways = [
  { unshare: ['--net'], nsenter: [] },
  { unshare: ['--user', '--map-root-user', '--net'], nsenter: ['--user', '--preserve-credentials'] },
]
const loopbackUp = 'ip link set lo up'
const usableWay = ways.find(
  ({ unshare }) => spawnSync('unshare', [...unshare, 'sh', '-c', loopbackUp]).status === 0,
)

/** Tests that need a network of their own: skipped, with the reason in their title, where there is none. */
export function describeWithNetworkNamespace(title: string, define: () => void): void {
  if (usableWay === undefined) {
    describe.skip(`${title} (skipped: this system lets us make no network namespace)`, define)
  } else describe(title, define)
}

/** The namespace lives until `close`, or until this process is gone. */
export async function openNetworkNamespace(): Promise<NetworkNamespace> {
  if (usableWay === undefined) throw new Error('there are no network namespaces')
  // `cat` ends when this end of its input closes, however this process ends.
  const script = `${loopbackUp} && echo up && exec cat`
  const keeper: ChildProcess = spawn('unshare', [...usableWay.unshare, 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(keeper.stdout as NonNullable<typeof keeper.stdout>, 'data')
  return {
    enter: ['nsenter', ...usableWay.nsenter, '--net', '--target', String(keeper.pid), '--'],
    async close() {
      const exit = once(keeper, 'exit')
      keeper.stdin?.end()
      await exit
    },
  }
}
