import { endProcessNow } from '../child/end-process.js'
import { hostBond } from '../child/host-bond.js'
import type { TrainerJob } from '../shared/child/trainer-protocol.js'
import { TandemError, toErrorReport } from '../shared/errors.js'
import { openHostChannel } from './host-channel.js'
import { runJob } from './run-job.js'

/*
 * The trainer program: one process that trains one model by one strategy, as one rank. It is told what to do
 * by its host, reports every step, and ends by itself when it is done, stopped or orphaned.
 */

/** How long a step that is under way may keep the process from obeying `stop`. */
const stopGraceMs = 2_000
/** How long the process may take to end by itself after its last word. */
const lingerMs = 1_000

const stop = new AbortController()

const channel = openHostChannel({
  onMessage(message) {
    switch (message.type) {
      case 'start':
        void train(message.job)
        return
      case 'stop':
        stop.abort()
        return
    }
  },
  onClose: () => stop.abort(),
})

stop.signal.addEventListener('abort', () => {
  // A native call cannot be interrupted, and may be waiting for a device or a peer that is gone.
  setTimeout(() => void end({ type: 'stopped' }, 0), stopGraceMs).unref()
})

async function train(job: TrainerJob): Promise<void> {
  try {
    await runJob(job, channel, stop.signal)
    await end({ type: 'done', peakMemoryBytes: process.resourceUsage().maxRSS * 1024 }, 0)
  } catch (thrown) {
    if (stop.signal.aborted) await end({ type: 'stopped' }, 0)
    else await end({ type: 'failed', error: withRank(thrown, job) }, 1)
  }
}

let ending = false

/** Says the last word, once, waits until it is on its way, and lets the process end by itself, if it can. */
async function end(lastWord: Parameters<typeof channel.send>[0], exitCode: number): Promise<void> {
  if (ending) return
  ending = true
  process.exitCode = exitCode
  // Before anything is awaited: a host that has stopped reading must not keep this process either.
  setTimeout(() => endProcessNow(exitCode), lingerMs).unref()
  channel.send(lastWord)
  await channel.flush()
  channel.close()
  await hostBond.stop()
}

function withRank(thrown: unknown, job: TrainerJob) {
  if (!(thrown instanceof TandemError) || thrown.cause !== undefined) console.error(thrown)
  const report = toErrorReport(thrown)
  return job.worldSize > 1 ? { rank: job.rank, ...report } : report
}

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (thrown: unknown) => {
    console.error(thrown)
    void end({ type: 'failed', error: toErrorReport(thrown) }, 1)
  })
}
