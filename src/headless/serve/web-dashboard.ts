import { sweepBrowserFolders } from '../../core/browser/browser-folder.js'
import { spawnNodeChild } from '../../core/child/node-child.js'
import { TandemHost } from '../../core/host/tandem-host.js'
import { MachineFleet } from '../../core/machines/machine-fleet.js'
import type { Rendezvous } from '../../core/machines/rendezvous.js'
import { pageSource } from '../../core/page/development-page.js'
import { newerRelease } from '../../core/releases/newer-release.js'
import { answerWithin } from '../../core/within.js'
import { TandemError } from '../../shared/errors.js'
import { printable } from '../../shared/printable.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import type { OfferedScript } from '../../shared/script/offered-script.js'
import type { CommandIo } from '../command-io.js'
import { headlessReportPorts } from '../report-ports.js'
import { hasDisplay, isRemoteSession } from '../screen.js'
import { isLoopback } from './host-names.js'
import { openBrowser } from './open-browser.js'
import { startWebServer, type WebServer, type WebServerOptions } from './web-server.js'

export interface WebDashboardOptions {
  host: string
  /** Null for the usual one, or any that is free where that is taken. */
  port: number | null
  /** Names by which someone's own proxy is called. */
  allowedHosts: readonly string[]
  opensBrowser: boolean
  run: RunWish
  /** Of a host of several machines; null or absent for this one alone. */
  rendezvous?: Rendezvous | null
  /** The one script that its pages may have measured; absent where none was named. */
  offeredScript?: OfferedScript
}

const usualPort = 6017

/** Longer than trainers may take that do not want to end. */
const longestEndMs = 30_000

/** Serves the dashboard until it is interrupted; then nothing is left running. */
export async function runWebDashboard(io: CommandIo, options: WebDashboardOptions): Promise<void> {
  const { environment, installation } = io
  await io.withInterrupt(async (signal) => {
    const fleet = await openFleet(options.rendezvous ?? null, io)
    const host = new TandemHost({
      shell: 'web',
      version: installation.version,
      environment,
      resourcesDirectory: installation.resourcesDirectory,
      trainerEntry: installation.trainerEntry,
      samplerEntry: installation.samplerEntry,
      engineCheckEntry: installation.engineCheckEntry,
      spawn: spawnNodeChild,
      installsEngine: installation.installsEngine,
      reports: headlessReportPorts(io),
      ...(fleet !== null && { machines: fleet }),
      ...(options.offeredScript !== undefined && { offeredScript: options.offeredScript }),
    })
    let server: WebServer | null = null
    try {
      server = await listen(
        {
          host: options.host,
          port: options.port ?? usualPort,
          allowedHosts: options.allowedHosts,
          page: pageSource(installation.pageDirectory, environment),
          onPage: (wire) => host.connect(wire),
          onLogin: () => say(io, `A browser was let in. For another browser: ${server?.loginUrl()}`),
        },
        options.port === null,
      )
      if (!isLoopback(options.host))
        say(io, 'Other machines can reach this dashboard; use it in a network you trust.')
      say(io, `Dashboard: ${server.loginUrl()}   (Ctrl-C ends it)`)
      for (const name of options.allowedHosts) say(io, `Through your proxy: ${name}${server.loginPath}`)
      const seesBrowser = hasDisplay(environment, process.platform) && !isRemoteSession(environment)
      if (options.opensBrowser && seesBrowser) await openBrowser(server.loginUrl())
      void sweepBrowserFolders()
      void newerRelease(environment, installation.version).then((release) => {
        if (release !== null) say(io, `Tandem ${release.version} is there: ${release.link}`)
      })
      if (options.run === 'first')
        say(
          io,
          'The first time, a quick benchmark starts by itself once a page is open; you can cancel it there.',
        )
      void host.explore().then(() => host.startBy(options.run))
      await interrupted(signal)
      say(io, 'Stopping')
    } finally {
      // Whatever fails or hangs here, the rest ends: an interrupt must, also where no file can be opened any more.
      await answerWithin(longestEndMs, () => host.close())
      await fleet?.close(null)
      await server?.close()
    }
  })
}

async function openFleet(rendezvous: Rendezvous | null, io: CommandIo): Promise<MachineFleet | null> {
  if (rendezvous === null) return null
  const { version: tandemVersion } = io.installation
  return await MachineFleet.open({ rendezvous, tandemVersion, onNotice: (text) => say(io, printable(text)) })
}

async function listen(options: WebServerOptions, anyPort: boolean): Promise<WebServer> {
  try {
    return await startWebServer(options)
  } catch (thrown) {
    if (!anyPort || !(thrown instanceof TandemError) || thrown.code !== 'port-taken') throw thrown
    return await startWebServer({ ...options, port: 0 })
  }
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function say({ stdout }: CommandIo, line: string): void {
  stdout.write(`${line}\n`)
}
