// Speaks the trainer's protocol without training, for tests of run control. FAKE_TRAINER says how, as JSON:
// a FakeBehaviour.
import { existsSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const settings = {
  fault: 'none',
  rank: null,
  stepDelayMs: 2,
  stepsPerEpoch: 3,
  ...JSON.parse(process.env.FAKE_TRAINER ?? '{}'),
}
let stopping = false

/**
 * What a utility process of Electron's has in place of Node's channel.
 *
 * @type {{ postMessage(message: unknown): void, on(event: 'message', listener: (event: { data: unknown }) => void): void } | undefined}
 */
const parentPort = Reflect.get(process, 'parentPort')

/** @param {unknown} received */
function receive(received) {
  const message = /** @type {import('../../shared/child/trainer-protocol.js').ToTrainer} */ (received)
  if (message.type === 'start') run(message.job)
  if (message.type === 'stop') stop()
}
if (parentPort === undefined) {
  process.on('message', receive)
  process.on('disconnect', () => process.exit(4))
} else parentPort.on('message', ({ data }) => receive(data))

/**
 * @param {unknown} message
 * @returns {Promise<unknown>}
 */
function send(message) {
  if (parentPort === undefined) return new Promise((resolve) => process.send?.(message, resolve))
  parentPort.postMessage(message)
  // Nobody tells when it has left the process.
  return delay(20)
}

/**
 * @param {unknown} message
 * @param {number} exitCode
 */
async function finish(message, exitCode) {
  await send(message)
  process.exit(exitCode)
}

function stop() {
  if (settings.fault === 'ignore-stop') return
  stopping = true
  finish({ type: 'stopped' }, 0)
}

/** @param {import('../../shared/child/trainer-protocol.js').TrainerJob} job */
async function run(job) {
  const faultyRank = settings.rank === 'last' ? job.worldSize - 1 : settings.rank
  const fault = faultyRank === null || faultyRank === job.rank ? settings.fault : 'none'
  if (fault === 'ignore-stop') process.on('SIGTERM', () => {})
  if (fault === 'never-ready') return
  if (fault === 'environment') console.error(`NODE_OPTIONS=${process.env.NODE_OPTIONS}`)
  if (fault === 'address-in-use') {
    const error = { code: 'tensorflow', message: 'Address already in use', hint: '' }
    return finish({ type: 'failed', error }, 1)
  }
  await send({
    type: 'ready',
    backend: job.backend.name,
    backendVersion: '1.0',
    collective: job.collective?.kind ?? null,
    loadMs: 5,
  })
  await delay(settings.stepDelayMs)
  if (job.purpose === 'tune') return tune(fault, job.rank)
  await send({ type: 'warmed-up', traceMs: 3, firstStepMs: 2, stepsPerEpoch: settings.stepsPerEpoch })
  const stepMs = settings.stepDelayMs * (fault === 'slow' ? 5 : 1)
  for (let epoch = 0; epoch < job.epochs && !stopping; epoch++) {
    for (let step = 0; step < settings.stepsPerEpoch && !stopping; step++) {
      await delay(stepMs)
      await send({ type: 'steps', steps: [stepRecord(job, epoch, step, stepMs)] })
      await happen(fault, job.rank)
    }
    if (stopping) return
    const checksum = fault === 'diverge' ? `${epoch}-astray` : `${epoch}`
    await send({ type: 'epoch', epoch: epochRecord(job, epoch, checksum) })
    if (fault === 'exit-3-in-second-epoch') process.exit(3)
  }
  if (!stopping) await finish({ type: 'done', peakMemoryBytes: 1000 }, fault === 'exit-3-after-done' ? 3 : 0)
}

/**
 * @param {string} fault
 * @param {number} rank
 */
async function tune(fault, rank) {
  await send({ type: 'tuning', timed: 0, toTime: 2, elapsedMs: 0, remainingMs: null })
  await happen(fault, rank)
  await send({ type: 'tuning', timed: 2, toTime: 2, elapsedMs: 4, remainingMs: 0 })
  if (stopping) return
  await send({
    type: 'tuned',
    autotune: { tuneMs: 4, convolutions: 3, timed: 2, cached: 1, changed: 1 },
  })
  await finish({ type: 'done', peakMemoryBytes: 1000 }, 0)
}

/**
 * @param {string} fault
 * @param {number} rank
 * @returns {unknown}
 */
function happen(fault, rank) {
  switch (fault) {
    case 'throw':
      setImmediate(() => {
        throw new Error('the fake trainer threw')
      })
      return delay(10_000)
    case 'reject':
      Promise.reject(new Error('the fake trainer rejected'))
      return delay(10_000)
    case 'report':
      return finish(
        {
          type: 'failed',
          error: { code: 'out-of-memory', message: 'no memory for a tensor', hint: 'Smaller.' },
        },
        1,
      )
    case 'exit-3':
      return process.exit(3)
    case 'exit-0':
      return process.exit(0)
    case 'kill':
    case 'abort':
    case 'trap':
    case 'segfault': {
      const signals = { kill: 'SIGKILL', abort: 'SIGABRT', trap: 'SIGTRAP', segfault: 'SIGSEGV' }
      process.kill(process.pid, signals[fault])
      return delay(10_000)
    }
    case 'missed-peer-then-kill': {
      if (rank === 1) return delay(100).then(() => happen('kill', rank))
      const error = { code: 'collective-timeout', message: 'rank 1 did not arrive', hint: '' }
      return finish({ type: 'failed', error }, 1)
    }
    case 'freeze':
      process.kill(process.pid, 'SIGSTOP')
      return
    case 'spin':
      for (;;);
    case 'held':
      return untilThere(settings.until)
    case 'hang':
    case 'ignore-stop':
      return delay(60_000)
    case 'malformed':
      return send({ type: 'epoch', epoch: { epoch: 'first' } })
    case 'nan':
      return send({ type: 'steps', steps: [{ ...stepRecord({ batchSize: 1 }, 0, 0), loss: Number.NaN }] })
    case 'heap':
      // What V8 says before it aborts, without the minutes that it takes to fill its heap.
      writeSync(2, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n')
      return happen('abort', rank)
    case 'flood-messages':
      return Promise.all(Array.from({ length: 500 }, () => send({ type: 'steps', steps: [] })))
    case 'flood':
      for (let line = 0; line < 2000; line++) writeSync(2, `${'x'.repeat(1023)}\n`)
      return
    default:
      return
  }
}

/** @param {string} path */
async function untilThere(path) {
  while (!existsSync(path) && !stopping) await delay(20)
}

/**
 * @param {{ batchSize: number }} job
 * @param {number} epoch
 * @param {number} step
 */
function stepRecord(job, epoch, step, stepMs = settings.stepDelayMs) {
  return {
    epoch,
    step,
    loss: 2.3 - epoch,
    images: job.batchSize,
    startedAtMs: Date.now(),
    stepMs,
    dataWaitMs: 0,
    computeMs: stepMs,
    communicationMs: 0,
    updateMs: 0,
    // Ranks that can tell their work from the wait for others say when it was done.
    arrivedAtMs: settings.fault === 'slow' ? Date.now() : null,
  }
}

/**
 * @param {import('../../shared/child/trainer-protocol.js').TrainerJob} job
 * @param {number} epoch
 * @param {string} parameterChecksum
 */
function epochRecord(job, epoch, parameterChecksum) {
  return {
    epoch,
    loss: 2.25 - epoch,
    seconds: 0.5 + job.rank,
    images: job.samplesPerEpoch ?? settings.stepsPerEpoch * job.batchSize * job.worldSize,
    steps: settings.stepsPerEpoch,
    testAccuracy: job.evaluate && job.rank === 0 ? 0.5 : null,
    parameterChecksum,
  }
}
