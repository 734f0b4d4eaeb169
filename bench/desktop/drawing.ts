import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type DesktopApp, openLane } from '../../e2e/electron/desktop-app.js'
import { longRun, startRun } from '../../e2e/electron/host-calls.js'
import { groupMembers } from '../../e2e/electron/process-group.js'
import { mean, standardDeviation } from '../../src/shared/statistics/means.js'
import { studentTQuantile } from '../../src/shared/statistics/student-t.js'

/** Long enough for many drawings, short enough that the machine stays as it is. */
const windowMs = 5_000
const settlingMs = 1_500

/** Of Linux's clock ticks. */
const ticksPerSecond = 100

/** What Chromium draws with, by its own names. */
const parts = { renderer: /--type=renderer/, 'GPU process': /--type=gpu-process/ }

/**
 * What drawing the Live screen of a run on the processor takes of it, as beside an NVIDIA GPU it does: processor time of
 * the page's process and of the one that paints, on Live and on a screen on which nothing moves, in turn. Linux only.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string', default: '10' } } })
  const lane = await openLane()
  const desktop = await lane.launch({
    folder: await lane.newFolder(),
    environment: { TANDEM_GRAPHICS: 'software' },
  })
  try {
    await startRun(desktop.page, longRun)
    const live: Record<string, number>[] = []
    const still: Record<string, number>[] = []
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      live.push(await coresUsed(desktop, '/live'))
      still.push(await coresUsed(desktop, '/export'))
    }
    for (const part of Object.keys(parts)) {
      console.log(`${part}, Live: ${interval(live.map((used) => used[part] ?? 0))}`)
      console.log(`${part}, a screen that stands still: ${interval(still.map((used) => used[part] ?? 0))}`)
    }
  } finally {
    await desktop.close()
    await lane.dispose()
  }
}

async function coresUsed({ page, pid }: DesktopApp, screen: string): Promise<Record<string, number>> {
  await page.evaluate(`location.hash = ${JSON.stringify(screen)}`)
  await setTimeout(settlingMs)
  const before = ticksOf(pid)
  const startedAtMs = performance.now()
  await setTimeout(windowMs)
  const seconds = (performance.now() - startedAtMs) / 1000
  const after = ticksOf(pid)
  return Object.fromEntries(
    Object.keys(parts).map((part) => [
      part,
      ((after[part] ?? 0) - (before[part] ?? 0)) / ticksPerSecond / seconds,
    ]),
  )
}

/** Time of the processor so far. */
function ticksOf(group: number): Record<string, number> {
  const members = groupMembers(group)
  return Object.fromEntries(
    Object.entries(parts).map(([part, pattern]) => {
      const pids = members.flatMap(({ command, pid }) => (pattern.test(command) ? [pid] : []))
      return [part, pids.reduce((sum, pid) => sum + ticksOfProcess(pid), 0)]
    }),
  )
}

function ticksOfProcess(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime and stime (proc(5)).
  return Number(fields[11]) + Number(fields[12])
}

function interval(cores: readonly number[]): string {
  const centre = mean(cores) ?? 0
  const spread = standardDeviation(cores)
  const half =
    spread === null ? 0 : (studentTQuantile(0.975, cores.length - 1) * spread) / Math.sqrt(cores.length)
  return `${centre.toFixed(3)} cores (95 % ${(centre - half).toFixed(3)} to ${(centre + half).toFixed(3)}; ${cores.length} times)`
}
