import { cpus, hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { historyFolder } from '../history/run-folder.js'
import { RunHistory } from '../history/run-history.js'

const windowMs = 500

/** Cores that everything but this process keeps busy, over half a second; null where the system does not count. */
export async function busyCores(): Promise<number | null> {
  const before = busyMs()
  const own = process.cpuUsage()
  const startedAt = performance.now()
  await delay(windowMs)
  const elapsedMs = performance.now() - startedAt
  const after = busyMs()
  if (before === null || after === null) return null
  const { user, system } = process.cpuUsage(own)
  return Math.max(0, (after - before - (user + system) / 1000) / elapsedMs)
}

function busyMs(): number | null {
  const cores = cpus()
  if (cores.length === 0) return null
  return cores.reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0)
}

/** Benchmarks of this user that are under way on this machine, by id. */
export async function benchmarksUnderWay(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const history = new RunHistory(historyFolder(environment))
  const runs = await history.list().catch(() => [])
  return runs
    .filter(({ status, hostName }) => status === 'running' && hostName === hostname())
    .map(({ runId }) => runId)
}
