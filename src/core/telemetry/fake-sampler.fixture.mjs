// Speaks the sampler's protocol without measuring, for tests of its supervision. FAKE_SAMPLER says how, as JSON: a
// FakeSampler.
const settings = { fault: 'none', gpus: [], ...JSON.parse(process.env.FAKE_SAMPLER ?? '{}') }
/** @type {number[]} */
let watched = []
let samples = 0

/** @param {unknown} message */
const send = (message) => process.send?.(message)

process.on('disconnect', () => process.exit(0))
process.on('message', (received) => {
  const message = /** @type {import('../../shared/child/telemetry.js').ToSampler} */ (received)
  if (message.type === 'start') start(message.intervalMs)
  if (message.type === 'watch') watched = message.pids
  if (message.type === 'stop' && settings.fault !== 'ignore-stop') process.exit(0)
})
if (settings.fault === 'throw-at-start') throw new Error('the fake sampler threw')

/** @param {number} intervalMs */
function start(intervalMs) {
  if (settings.fault === 'never-ready') return
  send({ type: 'ready', gpuSources: ['nvml'], problems: ['GPU 7 is not shown.'] })
  setInterval(() => {
    if (settings.fault === 'only-malformed') return send({ type: 'sample', sample: { atMs: 'now' } })
    if (settings.fault === 'one-malformed' && samples === 0) send({ type: 'sample', sample: { atMs: 'now' } })
    if (settings.fault === 'mute' && samples >= 3) return
    send({ type: 'sample', sample: sample() })
    if (++samples === 3) happen()
  }, intervalMs)
}

function happen() {
  if (settings.fault === 'exit') process.exit(3)
  if (settings.fault === 'freeze') process.kill(process.pid, 'SIGSTOP')
  if (settings.fault === 'spin') for (;;);
}

function sample() {
  return {
    atMs: performance.timeOrigin + performance.now(),
    costMs: 1,
    cpu: { cores: [0.5], stealShare: null, powerWatts: null, temperatureCelsius: null, clockMegahertz: null },
    memory: { usedBytes: 1, totalBytes: 2, swapUsedBytes: null },
    gpus: settings.gpus,
    trainers: watched.map((pid) => ({ pid, coresUsed: null, memoryBytes: null })),
  }
}
