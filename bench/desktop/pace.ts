import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { type DesktopApp, openLane } from '../../e2e/electron/desktop-app.js'
import { completeRun, smallRun } from '../../e2e/electron/host-calls.js'
import { launcherNodeVariable } from '../../src/shared/desktop/desktop-launch.js'
import type { Results } from '../../src/shared/results/results.js'
import { runArguments } from '../../src/shared/run/run-command.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'
import { estimateSpeedup, type PairedTimes } from '../../src/shared/statistics/speedup-estimate.js'

/** Steps of some 100 ms, and as many as make a block of 15 s on two cores. */
const configuration: RunConfiguration = {
  ...smallRun,
  strategies: ['single', 'ddp'],
  batchSizeSingle: 32,
  perGpuBatchSize: 16,
  maxStepsPerEpoch: 40,
}

/** So seldom that looking takes nothing of the run. */
const lookEveryMs = 4_000

/** A ratio that lies below this with its whole interval is a fault. */
const leastRatio = 0.9

const builtProgram = fileURLToPath(new URL('../../out/main/tandem.js', import.meta.url))

/**
 * The same run in the desktop app as `npm start` opens it, whose trainers run in the Node that started it, and by the
 * command line, in turn; with `--utility` the app was started by nobody, and trains in Electron's utility processes. Prints for each strategy the ratio of images/s with its interval; ends with 1 where one is below 0.9 as
 * a whole. The app's window shows a screen on which nothing moves: what drawing takes is `drawing.ts`'s question.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { pairs: { type: 'string', default: '8' }, utility: { type: 'boolean', default: false } },
  })
  const lane = await openLane()
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const appFolder = await lane.newFolder()
  const { environment } = lane.command({ folder: appFolder })
  const desktop = await lane.launch({
    folder: appFolder,
    environment: values.utility ? {} : { [launcherNodeVariable]: process.execPath },
  })
  const pairs = new Map<string, PairedTimes[]>()
  try {
    await desktop.page.evaluate(`location.hash = '/export'`)
    const inElectron = async () => rates(await completeRun(desktop.page, configuration, lookEveryMs))
    const inNode = async () => rates(await runInNode(folder, environment.TANDEM_TENSORFLOW_DIR))
    // What is done once, such as reading the library from the disk, is no matter of pace.
    await inElectron()
    await inNode()
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const measured = new Map<typeof inNode, Map<string, number>>()
      for (const measure of pair % 2 === 0 ? [inElectron, inNode] : [inNode, inElectron])
        measured.set(measure, await measure())
      for (const [strategy, inNodeRate] of measured.get(inNode) ?? []) {
        const inElectronRate = measured.get(inElectron)?.get(strategy) as number
        const both = { base: 1 / inNodeRate, strategy: 1 / inElectronRate }
        pairs.set(strategy, [...(pairs.get(strategy) ?? []), both])
        console.log(
          `${strategy}: Electron ${inElectronRate.toFixed(1)} images/s, Node ${inNodeRate.toFixed(1)}: ${(inElectronRate / inNodeRate).toFixed(3)}`,
        )
      }
    }
    console.log(await versionsOf(desktop))
    report(pairs)
  } finally {
    await desktop.close()
    await lane.dispose()
    await rm(folder, { recursive: true })
  }
}

async function runInNode(folder: string, tensorflow: string | undefined): Promise<Results> {
  const output = join(folder, 'results.json')
  const parameters = [builtProgram, ...runArguments(configuration), '--output-file', output]
  await promisify(execFile)(process.execPath, parameters, {
    env: {
      ...process.env,
      TANDEM_DATA_DIR: folder,
      ...(tensorflow !== undefined && { TANDEM_TENSORFLOW_DIR: tensorflow }),
    },
  })
  return JSON.parse(await readFile(output, 'utf8'))
}

function rates({ measurements }: Results): Map<string, number> {
  return new Map(
    measurements.map(({ id, imagesPerSecond }) => {
      if (imagesPerSecond == null) throw new Error(`${id} was not measured`)
      return [id, imagesPerSecond]
    }),
  )
}

async function versionsOf({ app }: DesktopApp): Promise<string> {
  const { electron, node } = await app.evaluate(() => process.versions)
  return `Electron ${electron} (Node ${node}) against Node ${process.versions.node}`
}

function report(pairs: ReadonlyMap<string, readonly PairedTimes[]>): void {
  for (const [strategy, blocks] of pairs) {
    const estimate = estimateSpeedup(blocks)
    if (estimate === null) continue
    const { speedup, low, high } = estimate
    const interval =
      low === null || high === null ? 'no interval' : `95 % ${low.toFixed(3)} to ${high.toFixed(3)}`
    console.log(
      `${strategy}: images/s in Electron over plain Node: ${speedup.toFixed(3)} (${interval}; ${blocks.length} pairs; a fault where all of it is below ${leastRatio})`,
    )
    if (high !== null && high < leastRatio) process.exitCode = 1
  }
}
