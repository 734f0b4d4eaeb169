// Speaks the engine-check protocol without an engine, for tests of its supervision. FAKE_ENGINE_CHECK is the fault.
const fault = process.env.FAKE_ENGINE_CHECK ?? 'none'

/** @param {unknown} message */
const send = (message) => process.send?.(message)
const good = { status: 'pass', found: 'good', advice: null }

process.on('disconnect', () => process.exit(0))
process.on('message', (/** @type {any} */ { job }) => {
  if (job.kind === 'all-reduce') return sum(job)
  if (fault === 'load') return fail('tensorflow-load', 'libtensorflow.so.2: wrong ELF class')
  send({ type: 'began', id: 'load', title: 'Loading' })
  send({ type: 'found', id: 'load', finding: good, ms: 1 })
  send({ type: 'began', id: 'operations', title: 'Operations on every device' })
  if (fault === 'crash') process.kill(process.pid, 'SIGSEGV')
  if (fault === 'hang') process.kill(process.pid, 'SIGSTOP')
  if (fault === 'nonsense') send({ type: 'hello' })
  if (fault === 'quiet-exit') process.exit(0)
  send({ type: 'found', id: 'operations', finding: good, ms: 2 })
  end()
})

/** @param {any} job */
function sum({ rank, exchanges }) {
  if (fault === 'rank-crash' && rank === 1) process.exit(7)
  if (fault === 'rank-hang' && rank === 1) process.kill(process.pid, 'SIGSTOP')
  for (const { elements } of exchanges) {
    send({
      type: 'summed',
      elements,
      ms: 2,
      isRight: !(fault === 'wrong-sum' && rank === 1),
      through: 'nothing',
    })
  }
  end()
}

/**
 * @param {string} code
 * @param {string} message
 */
function fail(code, message) {
  process.send?.({ type: 'failed', error: { code, message, hint: 'Install it again.' } }, () =>
    process.exit(1),
  )
}

function end() {
  process.send?.({ type: 'done' }, () => process.exit(0))
}
