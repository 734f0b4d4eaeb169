import { describeExpectedTime } from '../../shared/expected-time.js'
import type { Results } from '../../shared/results/results.js'
import { factLine } from '../../shared/script/script-text.js'
import { capitalised } from '../../shared/text/format.js'
import type { BenchmarkOptions, BenchmarkPorts } from './benchmark-ports.js'
import { orderOfBlock, whyEnough } from './blocks.js'
import { sweepCollectiveFiles } from './collective-files.js'
import { expectTime } from './expect-time.js'
import { createMeasuring } from './measuring.js'
import type { PreparedRun } from './prepare-run.js'
import { ProgressiveSaver } from './progressive-saver.js'
import { chooseWork, type QuickOutcome } from './quick.js'
import { repeatDisturbed } from './repeat-disturbed.js'
import { RunDocument } from './run-document.js'

/**
 * Measures everything that was planned, one after another, in fresh processes, as many times over as there are
 * repeats, and what was disturbed again. A measurement that fails is recorded and the rest goes on; when `signal` is
 * aborted, what was measured is kept and marked cancelled.
 * Never rejects for what happens in a trainer: `status` and each measurement's `error` tell.
 */
export async function runBenchmark(
  prepared: PreparedRun,
  ports: BenchmarkPorts,
  options: BenchmarkOptions,
): Promise<Results> {
  const { signal, onEvent } = options
  const document = new RunDocument(prepared)
  const { observer, warnings } = ports
  const saver = new ProgressiveSaver(ports.saveResults, (text) => warnings.add({ code: 'not-kept', text }))
  const { runId, configuration, machine, otherMachines, notes } = prepared
  const [environment] = await Promise.all([
    observer?.environment() ?? null,
    sweepCollectiveFiles(2 * ports.trainers.timeouts.readyMs),
  ])
  document.found(environment)
  onEvent({
    type: 'run-started',
    runId,
    configuration,
    machine,
    ...(otherMachines !== undefined && { otherMachines }),
    environment,
    measurements: prepared.measurements,
    notes,
  })
  warnings.follow((warning) => {
    document.warn(warning)
    onEvent({ type: 'warning', ...warning })
  })
  const say = (text: string): void => {
    document.note(text)
    onEvent({ type: 'note', text })
  }
  // Whatever ends this process, a document that says what was begun is there.
  saver.save(document.snapshot())

  const outcome = await chooseWork(prepared, ports, options)
  const measurements = outcome.kind === 'chosen' ? outcome.work.measurements : prepared.measurements
  if (outcome.kind === 'chosen') {
    const { chosen, note } = outcome.work
    document.choose(chosen, note)
    onEvent({ type: 'calibration-finished', chosen, measurements, note })
  }
  const promisedEndMs = promisedEnd(outcome)
  const obstacle = outcome.kind === 'failed' ? outcome.error : null
  const measuring = createMeasuring({ ...options, prepared, document, saver, ports, obstacle })
  const settings = document.snapshot().configuration
  const expectation = expectTime(
    { ...prepared, configuration: settings, measurements },
    await ports.paces.read(),
  )
  onEvent({ type: 'costs-expected', costs: expectation.costs })
  // Quick has said it, with its plan.
  if (outcome.kind === 'as-it-is' && expectation.time !== null) {
    onEvent({ type: 'note', text: capitalised(describeExpectedTime(expectation.time)) })
  }
  for (let block = 0; block < settings.repeats; block++) {
    for (const planned of orderOfBlock(measurements, block, settings)) {
      const { title, worldSize, script } = await measuring.take(planned)
      if (script !== undefined && block === 0) say(factLine(title, worldSize, script))
    }
    if (signal.aborted || obstacle !== null) break
    const note = whyEnough(document.snapshot(), block + 1)
    if (note === null) continue
    say(note)
    break
  }
  await repeatDisturbed({
    measuring,
    measurements: () => document.snapshot().measurements,
    planned: ({ id }) => measurements.find((planned) => planned.id === id),
    signal,
    promisedEndMs,
    say,
  })
  const results = document.finish()
  saver.save(results)
  await saver.flush()
  onEvent({ type: 'run-finished', results })
  return results
}

function promisedEnd(outcome: QuickOutcome): number | null {
  return outcome.kind === 'chosen' ? performance.now() + outcome.work.expectedMs : null
}
