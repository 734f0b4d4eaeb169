import { type Measurement, measurementKey } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { findDisturbance } from '../../shared/validity/disturbance.js'
import type { BenchmarkOptions, BenchmarkPorts } from './benchmark-ports.js'
import { keptStepsNote } from './kept-steps.js'
import { measure } from './measure.js'
import { paceKey, paceOf } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import type { ProgressiveSaver } from './progressive-saver.js'
import type { RunDocument } from './run-document.js'

/** Takes one measurement after another for a run's document. */
export interface Measuring {
  /** Never rejects: what failed says so in what it returns, which is in the document too. */
  take(planned: Measurement): Promise<Measurement>
  /** Puts a measurement back that another attempt has replaced. */
  keep(measurement: Measurement): void
  /** Wall-clock milliseconds that a measurement took when it was taken last; null before. */
  wallMs(measurement: Measurement): number | null
}

interface MeasuringOptions extends BenchmarkOptions {
  prepared: PreparedRun
  document: RunDocument
  saver: ProgressiveSaver
  ports: BenchmarkPorts
  /** What keeps every measurement from starting, if anything does. */
  obstacle: Measurement['error']
}

export function createMeasuring(options: MeasuringOptions): Measuring {
  const { prepared, document, saver, ports, onEvent } = options
  const { observer, paces } = ports
  const walls = new Map<string, number>()
  return {
    wallMs: (measurement) => walls.get(measurementKey(measurement)) ?? null,
    keep(measurement) {
      onEvent({ type: 'measurement-finished', measurement: document.put(measurement) })
      saver.save(document.snapshot())
    },
    async take(planned) {
      const startedAtMs = performance.now()
      onEvent({ type: 'measurement-started', measurement: planned, epochs: prepared.configuration.epochs })
      const measured = await measureUnless(options, planned, (soFar) => {
        const conditions = observer?.conditions() ?? null
        onEvent({ type: 'measurement-updated', measurement: document.put({ ...soFar, conditions }) })
        saver.save(document.snapshot())
      })
      const note = keptStepsNote(measured)
      if (note !== null) {
        document.note(note)
        onEvent({ type: 'note', text: note })
      }
      const conditions = (await observer?.conclude()) ?? null
      const kept = document.put({ ...measured, conditions })
      onEvent({ type: 'measurement-finished', measurement: kept })
      saver.save(document.snapshot())
      const wallMs = performance.now() - startedAtMs
      walls.set(measurementKey(planned), wallMs)
      const isOwn = prepared.configuration.script === undefined
      const pace = isOwn && findDisturbance(conditions) === null ? paceOf(measured, wallMs) : null
      if (pace !== null) await paces.add(paceKey(planned, prepared), pace)
      return kept
    },
  }
}

async function measureUnless(
  { obstacle, signal, prepared, document, ports, onEvent }: MeasuringOptions,
  planned: Measurement,
  onEpoch: (soFar: Measurement) => void,
): Promise<Measurement> {
  if (planned.status === 'skipped') return planned
  if (obstacle !== null) return { ...planned, status: 'failed', error: obstacle }
  if (signal.aborted) return { ...planned, status: 'cancelled' }
  const input = { ...prepared, configuration: document.snapshot().configuration }
  const follow = (event: RunEvent): void => {
    onEvent(event)
    if (event.type !== 'note' || event.counts === undefined) return
    document.note(event.text)
    for (const measurement of document.countScript(event.counts)) {
      onEvent({ type: 'measurement-updated', measurement })
    }
  }
  return measure(planned, { input, host: ports.trainers, signal, onEvent: follow, onEpoch })
}
