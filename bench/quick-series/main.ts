import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { keepBusyForHalf } from './busy.js'
import { type Place, quickRun } from './quick-run.js'
import { describeRuns, describeSeries, type ToldRun } from './report.js'

const parts = ['first', 'series', 'load', 'wasm'] as const
type Part = (typeof parts)[number]

/** Runs the parts asked for and prints them; 0 where every bar held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '10' },
      only: { type: 'string', default: parts.join(',') },
      json: { type: 'string' },
    },
  })
  const wanted = new Set(values.only.split(',') as Part[])
  const folder = await mkdtemp(join(tmpdir(), 'tandem-quick-series-'))
  try {
    const place: Place = { folder, cache: join(folder, 'cache'), data: join(folder, 'data') }
    const told: ToldRun[] = []
    const tell = (part: Part, run: Omit<ToldRun, 'part'>): void => {
      told.push({ part, ...run })
      console.log(describeRuns([{ part, ...run }], told.length === 1))
    }
    // Without it the series would tune, too.
    tell('first', await quickRun(place))
    if (wanted.has('series')) {
      for (let index = 0; index < Number(values.runs); index++) tell('series', await quickRun(place))
    }
    if (wanted.has('load')) {
      const usualSeconds = told.at(-1)?.seconds ?? 60
      const load = keepBusyForHalf(usualSeconds)
      try {
        tell('load', await quickRun(place))
      } finally {
        load.end()
      }
    }
    if (wanted.has('wasm')) {
      // The first one tunes and learns its pace; the second promises from it.
      await quickRun(place, ['--backend', 'wasm'])
      tell('wasm', await quickRun(place, ['--backend', 'wasm']))
    }
    const { lines, failed } = describeSeries(told)
    console.log(lines.join('\n'))
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(told, null, 2)}\n`)
    return failed === 0 ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
