import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, startTandem, stillRunning, type TandemProcess, trainersOf } from './tandem-process.js'

/** A dashboard of its own: its own history, its own port, ended by the test that started it. */
export interface DashboardHost {
  /** The address that it printed first; lets one browser in. */
  url: string
  /** The address that it printed last. */
  freshUrl(): Promise<string>
  dataFolder: string
  process: TandemProcess
  trainers(): number[]
  /** Ends it as Ctrl-C does; the history stays for another host. */
  stop(): Promise<void>
  /** Ends it, and removes the history. */
  remove(): Promise<void>
}

export async function startDashboard(
  parameters: readonly string[] = ['--no-run'],
  dataFolder = mkdtempSync(join(tmpdir(), 'tandem-dashboard-')),
  environment: NodeJS.ProcessEnv = {},
  command: readonly string[] = ['serve'],
): Promise<DashboardHost> {
  const tandem = startTandem([...command, '--no-open', '--port', '0', ...parameters], {
    TANDEM_DATA_DIR: dataFolder,
    ...environment,
  })
  const [, url] = await tandem.printed(/Dashboard: (\S+)/)
  const stop = async (): Promise<void> => {
    if (tandem.child.exitCode !== null) return
    const trainers = trainersOf(tandem.pid)
    tandem.child.kill('SIGINT')
    await tandem.ended()
    await eventually('its trainers end', 10_000, () => stillRunning(trainers).length === 0)
  }
  let used = 0
  const freshUrl = async (): Promise<string> => {
    // A new address is printed as soon as the one before was used.
    const printed = new RegExp(`(?:(?:Dashboard|For another browser): (\\S+)[^]*?){${used + 1}}`)
    used++
    return (await tandem.printed(printed))[1] as string
  }
  return {
    url: url as string,
    freshUrl,
    dataFolder,
    process: tandem,
    trainers: () => trainersOf(tandem.pid),
    stop,
    async remove() {
      await stop()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}
