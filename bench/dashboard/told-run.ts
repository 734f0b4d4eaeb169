import { Session } from '../../src/core/host/session.js'
import { builtPage } from '../../src/core/page/page-files.js'
import { startWebServer } from '../../src/headless/serve/web-server.js'
import type { HostEvent, HostSnapshot } from '../../src/shared/contract/events.js'
import type { LiveEvent } from '../../src/shared/live/live-event.js'
import { LiveRun } from '../../src/shared/live/live-run.js'

/** A run that pages are told of as the web host tells them, and that nobody measures. */
export interface ToldRun {
  url: string
  tell(event: LiveEvent): void
}

/** Serves the built page of `pageFolder`. `started` begins the run; what else happens in it is told. */
export async function serveToldRun(
  pageFolder: string,
  started: Extract<LiveEvent, { type: 'run-started' }>,
): Promise<ToldRun> {
  const run = LiveRun.begin(started)
  if (run === null) throw new Error('the run did not begin')
  const sessions = new Set<Session>()
  const snapshot = (): HostSnapshot => ({
    app: { version: 'bench', shell: 'web', hostName: 'bench' },
    control: {
      stage: {
        kind: 'measuring',
        runId: started.runId,
        title: 'DDP',
        index: 1,
        count: 1,
        block: 1,
        blocks: 1,
        isRepeat: false,
      },
      stopping: false,
      remainingSeconds: null,
    },
    engine: { status: 'missing', why: 'a benchmark of the page' },
    machine: null,
    telemetry: { state: 'running', gpuSources: ['nvml'], problems: [] },
    doctor: { status: 'idle' },
    offeredScript: null,
    run: run.toSnapshot(),
  })
  const server = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    page: builtPage(pageFolder),
    onPage: (wire) => {
      const host = { snapshot, handle: () => Promise.reject(new Error('nothing is handled here')) }
      const session = new Session(wire, host, undefined, () => sessions.delete(session))
      sessions.add(session)
    },
  })
  return {
    url: server.loginUrl(),
    tell(event) {
      run.apply(event)
      const told: HostEvent = { type: 'live', event }
      for (const session of sessions) session.notify(told)
    },
  }
}
