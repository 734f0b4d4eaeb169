import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type PreparedRun, prepareRun } from '../../src/core/run/prepare-run.js'
import { presets } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'
import { median, quantile } from '../../src/shared/statistics/quantiles.js'
import { measureStages, type Stages, stageNames } from './measure-stages.js'

const root = process.env.TANDEM_BENCH_ROOT ?? ''

/** Prints a table a measurement: medians by stage, with the smallest and the largest of the sum. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      blocks: { type: 'string', default: '5' },
      steps: { type: 'string', default: '22' },
      backend: { type: 'string', default: 'auto' },
      against: { type: 'string' },
    },
  })
  const prepared = await prepare(Number(values.steps), values.backend as RunConfiguration['backend'])
  const programs = [
    { name: 'here', entry: join(root, 'out', 'main', 'trainer.js') },
    ...(values.against === undefined
      ? []
      : [{ name: 'there', entry: resolve(values.against, 'main', 'trainer.js') }]),
  ]
  const planned = prepared.measurements.filter(({ status }) => status !== 'skipped')
  const measured = new Map<string, Stages[]>(
    planned.flatMap(({ id }) => programs.map(({ name }) => [`${id} ${name}`, []] as const)),
  )
  for (let block = 0; block <= Number(values.blocks); block++) {
    for (const measurement of planned) {
      for (const { name, entry } of block % 2 === 0 ? programs : [...programs].reverse()) {
        const stages = await measureStages(measurement, prepared, entry)
        // The first block fills the page cache, and whatever else is kept.
        if (block > 0) measured.get(`${measurement.id} ${name}`)?.push(stages)
      }
    }
    process.stderr.write(`\rblock ${block} of ${values.blocks}`)
  }
  process.stderr.write('\n')
  for (const { id, title } of planned) {
    console.log(`${title}, milliseconds`)
    console.log(tableOf(measured.get(`${id} here`) ?? [], measured.get(`${id} there`) ?? null))
  }
}

/** Quick's measurements, with so many steps in one epoch. */
function prepare(steps: number, backend: RunConfiguration['backend']): Promise<PreparedRun> {
  const samplesPerEpoch = steps * presets.quick.batchSizeSingle
  const configuration = { ...presets.quick, epochs: 1, samplesPerEpoch, backend }
  return prepareRun(configuration, {
    tandemVersion: '0',
    environment: process.env,
    resourcesDirectory: join(root, 'resources'),
  })
}

function tableOf(here: readonly Stages[], there: readonly Stages[] | null): string {
  const table = new Table({
    head: ['', 'Median', 'Least', 'Most', ...(there === null ? [] : ['There', 'Ratio', 'Better in'])],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const name of ['fixed', ...stageNames, 'steps'] as const) {
    const own = here.map((stages) => stages[name])
    const other = there?.map((stages) => stages[name])
    table.push([
      name,
      rounded(median(own)),
      rounded(quantile(own, 0)),
      rounded(quantile(own, 1)),
      ...(other === undefined ? [] : comparison(own, other)),
    ])
  }
  return table.toString()
}

/** Pairs were measured one right after the other, so what disturbs the machine for long cancels out. */
function comparison(own: readonly number[], other: readonly number[]): string[] {
  const ratios = own.map((value, index) => value / (other[index] as number))
  const better = ratios.filter((ratio) => ratio < 1).length
  return [rounded(median(other)), (median(ratios) ?? Number.NaN).toFixed(2), `${better} of ${ratios.length}`]
}

function rounded(ms: number | null): string {
  return ms === null ? '' : ms.toFixed(0)
}
