import type { CommandName, RequestOf, Responses } from '../../src/shared/contract/commands.js'
import type { HostSnapshot } from '../../src/shared/contract/events.js'
import { protocolVersion } from '../../src/shared/contract/wire.js'
import { connectMessage } from '../../src/shared/desktop/desktop-bridge.js'
import { notebookPreset } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'
import type { RunStage } from '../../src/shared/run/run-stage.js'
import { eventually } from '../eventually.js'

/*
 * A second conversation between the page and its host, beside the page's own and by the same way: a port through the
 * preload. For what a test needs of a run, and not of a screen.
 */

/** A page, however it is reached. */
export interface HostPage {
  evaluate(script: string): Promise<unknown>
}

/** A few steps of everything, in seconds. */
export const smallRun: RunConfiguration = {
  ...notebookPreset,
  preset: 'custom',
  strategies: ['single', 'dp', 'ddp'],
  dataset: 'sample',
  batchSizeSingle: 8,
  perGpuBatchSize: 4,
  epochs: 1,
  maxStepsPerEpoch: 6,
  learningRate: 0.005,
  numWorkers: 1,
  devices: 'cpu:2',
  autotune: 'off',
}

/** Longer than any test waits. */
export const longRun: RunConfiguration = {
  ...smallRun,
  strategies: ['ddp'],
  epochs: 200,
  maxStepsPerEpoch: -1,
}

const conversation = `async ({ protocol, connect, command, request }) => {
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => {
      if (data.type === 'refused') reject(new Error(data.error.code))
      if (data.type === 'snapshot') {
        if (command === null) resolve(JSON.parse(JSON.stringify({ ...data.snapshot, run: null })))
        else port1.postMessage({ type: 'call', id: 0, command, request })
      }
      if (data.type === 'answer') resolve(data.response)
      if (data.type === 'refusal') reject(new Error(data.error.code + ': ' + data.error.message))
    }
  })
  port1.postMessage({ type: 'hello', protocol })
  postMessage(connect, '*', [port2])
  try {
    return await answer
  } finally {
    port1.close()
  }
}`

function converse(page: HostPage, command: string | null, request: unknown): Promise<unknown> {
  const parameters = { protocol: protocolVersion, connect: connectMessage, command, request }
  return page.evaluate(`(${conversation})(${JSON.stringify(parameters)})`)
}

/** Asks the host what a page may ask. Rejects with the code of the host's refusal. */
export async function callHost<Name extends CommandName>(
  page: HostPage,
  command: Name,
  request: RequestOf<Name>,
): Promise<Responses[Name]> {
  return (await converse(page, command, request)) as Responses[Name]
}

/** What a page is told when it connects, less the run. */
export async function hostState(page: HostPage): Promise<Omit<HostSnapshot, 'run'>> {
  return (await converse(page, null, null)) as Omit<HostSnapshot, 'run'>
}

export async function stageOf(page: HostPage): Promise<RunStage> {
  return (await hostState(page)).control.stage
}

/** Starts a run and waits until its first measurement is under way. */
export async function startRun(page: HostPage, configuration: RunConfiguration): Promise<string> {
  const { runId } = await callHost(page, 'startRun', { configuration })
  await eventually('it measures', 60_000, async () => (await stageOf(page)).kind === 'measuring')
  return runId
}

/** Runs it to its end, whichever that is. Each look at it costs the app some milliseconds. */
export async function completeRun(page: HostPage, configuration: RunConfiguration, intervalMs?: number) {
  const { runId } = await callHost(page, 'startRun', { configuration })
  await endOfRun(page, 240_000, intervalMs)
  return await callHost(page, 'readResults', { runId })
}

export async function endOfRun(page: HostPage, limitMs = 240_000, intervalMs?: number): Promise<void> {
  const ended = new Set<RunStage['kind']>(['idle', 'done', 'failed', 'cancelled'])
  await eventually('the run ends', limitMs, async () => ended.has((await stageOf(page)).kind), intervalMs)
}
