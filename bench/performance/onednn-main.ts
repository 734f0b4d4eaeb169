import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { precisionSchema } from '../../src/shared/domain/engines.js'
import { stemSchema } from '../../src/shared/domain/models.js'
import { createLaunch } from './measure/launch.js'
import { measureTandem, untimedSteps } from './measure/tandem-training.js'
import { sumOnednnTimes } from './onednn-times.js'
import { trainingRow } from './sections/training.js'
import { exploreSurroundings } from './surroundings.js'

const timedSteps = 12
/** Of warm-up. */
const firstSteps = 1

/** Where a Single step on one core spends its time, by what oneDNN says of itself. Tune first: `npm run bench` does. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      stem: { type: 'string', default: 'torchvision' },
      precision: { type: 'string', default: 'fp32' },
      untuned: { type: 'boolean', default: false },
    },
  })
  const row = trainingRow(stemSchema.parse(values.stem), precisionSchema.parse(values.precision))
  const { engine, cores } = await exploreSurroundings('python3', undefined)
  if (engine === null) throw new Error('there is no TensorFlow')
  const logDirectory = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  try {
    const launch = { ...(await createLaunch({ ...process.env, ONEDNN_VERBOSE: '1' })), logDirectory }
    const root = process.env.TANDEM_BENCH_ROOT ?? process.cwd()
    const { stem, precision, batchSize } = row
    const figures = await measureTandem(
      { root, launch, cores, isa: null },
      {
        strategy: 'single',
        devices: 1,
        stem,
        precision,
        batchSize,
        timedSteps,
        backend: { name: 'tensorflow', libraryDir: engine.directory },
        autotune: !values.untuned,
      },
      new AbortController().signal,
    )
    const steps = timedSteps + untimedSteps + firstSteps
    const times = sumOnednnTimes(await readFile(join(logDirectory, 'single.log'), 'utf8'))
    const total = times.reduce((sum, { ms }) => sum + ms, 0) / steps
    console.log(
      `${row.title}: ${figures.stepMs?.toFixed(1)} ms a step, ${total.toFixed(1)} ms of it in oneDNN`,
    )
    for (const { kind, ms, count } of times) {
      console.log(
        `${(ms / steps).toFixed(1).padStart(8)} ms, ${(count / steps).toFixed(0).padStart(4)} a step: ${kind}`,
      )
    }
  } finally {
    await rm(logDirectory, { recursive: true })
  }
}
