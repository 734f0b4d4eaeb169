import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { type RecordedEvent, recordedEventSchema } from '../../shared/live/live-event.js'
import type { RunLabel } from '../../shared/results/history-entry.js'
import { type Results, resultsSchema } from '../../shared/results/results.js'
import { workstation } from '../../shared/results/workstation.fixture.js'
import { writeBundle } from '../history/bundle/write-bundle.js'
import { type RunSource, readReport } from '../history/report-source.js'
import { formatResults } from '../results/results-file.js'
import { asOneFile, dataExports } from './data-exports.js'
import { partialRun, piecesOf, recordingOf } from './exported-run.fixture.js'
import { withoutNames } from './without-names.js'

function runOn(hosts: readonly string[], changes: Partial<Results> = {}): Results {
  const [machine = workstation, ...otherMachines] = hosts.map((hostName) => ({ ...workstation, hostName }))
  return { ...partialRun(), machine, otherMachines, ...changes }
}

function sourceOf(
  results: Results,
  recording: RecordedEvent[] = recordingOf(results),
  label: RunLabel = { name: null, notes: '' },
): RunSource {
  const events = async function* () {
    yield* recording
  }
  return {
    results,
    owner: null,
    events,
    sampledEvents: events,
    files: async () => ({
      async *results() {
        yield formatResults(results)
      },
      async *recording() {
        for (const recorded of recording) yield `${JSON.stringify(recorded)}\n`
      },
      label,
    }),
  }
}

/** Puts ` …` behind each text that a document of this kind may have anything in; how many those are. */
function plant<Document>(
  document: Document,
  text: string,
  isDocument: (value: Document) => boolean,
): { planted: Document; count: number } {
  const planted = structuredClone(document)
  let count = 0
  const walk = (place: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(place)) {
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>)
      // Words of Tandem's by contract, though any text would be taken.
      if (
        typeof value !== 'string' ||
        ['hostName', 'runId', 'id', 'title', 'code', 'source', 'modelName'].includes(key)
      )
        continue
      place[key] = `${value} ${text}`
      if (isDocument(planted)) count++
      else place[key] = value
    }
  }
  walk(planted as Record<string, unknown>)
  return { planted, count }
}

const note = (notes: string[], hosts = ['atlas.lab.example', 'borealis']) =>
  withoutNames(sourceOf(runOn(hosts, { notes }))).results.notes[0]

describe('a run without the names of its machines', () => {
  it('numbers them in passports and in words, with a domain or without', () => {
    const { results } = withoutNames(sourceOf(runOn(['atlas.lab.example', 'borealis'])))
    expect(results.machine.hostName).toBe('node 0')
    expect(results.otherMachines?.[0]?.hostName).toBe('node 1')
    expect(note(['node 1 (borealis) was lost; ATLAS and atlas.lab.example went on.'])).toBe(
      'node 1 was lost; node 0 and node 0 went on.',
    )
  })

  it('finds them in names that are put together, and leaves words alone that only contain one', () => {
    expect(note(['/scratch/atlas-run_3/borealis.log'])).toBe('/scratch/node 0-run_3/node 1')
    expect(note(['atlases and xborealis'])).toBe('atlases and xborealis')
  })

  it('hides addresses, and no version', () => {
    expect(note(['node 1 at 10.0.0.7:29500, driver 550.54.14'])).toBe(
      'node 1 at <address>:29500, driver 550.54.14',
    )
    expect(note(['10 of 12 GPUs at [10.1.2.3]'], ['10.1.2.3', 'b'])).toBe('10 of 12 GPUs at [node 0]')
  })

  it('changes no word that means something, whatever machines are called', () => {
    const plain = runOn(['x1', 'x2'])
    const words = new Set(JSON.stringify([plain, recordingOf(plain)]).match(/(?<=")[A-Za-z][\w-]*(?=")/g))
    expect(words.size).toBeGreaterThan(50)
    for (const word of words) {
      const source = withoutNames(sourceOf(runOn([word, 'x2'])))
      expect(resultsSchema.safeParse(source.results).error).toBeUndefined()
      expect(source.results.configuration).toEqual(plain.configuration)
    }
  })

  it('has none of them in any export, wherever a text may have one', async () => {
    const odd = 'Quetzal-7c.Lab'
    const label = { name: `on ${odd}`, notes: `${odd} was loud` }
    const results = plant(runOn([odd, 'borealis']), odd, (one) => resultsSchema.safeParse(one).success)
    const recorded = recordingOf(runOn([odd, 'borealis'])).map((event) =>
      plant(event, odd, (one) => recordedEventSchema.safeParse(one).success),
    )
    const log: RecordedEvent = {
      atMs: 1,
      event: { type: 'log', lines: [{ source: 'DDP rank 0', text: `[${odd}]: out of memory` }] },
    }
    expect(results.count).toBeGreaterThan(20)
    expect(recorded.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(30)
    const events = [...recorded.map(({ planted }) => planted), log]
    const source = withoutNames(sourceOf(results.planted, events, label))

    const written: Record<string, string> = {
      results: formatResults(source.results),
      report: JSON.stringify(await readReport(source)),
    }
    for (const [name, format] of Object.entries(dataExports)) {
      Object.assign(written, textsOf(name, await bytesOf(asOneFile(format, source))))
    }
    const bundle = await bytesOf(writeBundle(results.planted.runId, await source.files()))
    Object.assign(written, textsOf('bundle', bundle))

    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(['bundle/label.json', 'bundle/recording.jsonl', 'bundle/results.json']),
    )
    for (const [name, text] of Object.entries(written)) {
      expect(`${name}: ${/.{0,60}quetzal.{0,30}/i.exec(text)?.[0] ?? 'nothing'}`).toBe(`${name}: nothing`)
    }
    expect(written['bundle/label.json']).toContain('"name":"on node 0","notes":"node 0 was loud"')
  })
})

async function bytesOf(content: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  return Buffer.concat(
    (await piecesOf(content as AsyncIterable<Uint8Array>)).map((piece) => Buffer.from(piece)),
  )
}

/** Of an archive the name and the text of each file; compressed, a name would be found in none. */
function textsOf(name: string, bytes: Buffer): Record<string, string> {
  if (bytes.subarray(0, 2).toString() !== 'PK') return { [name]: bytes.toString('latin1') }
  const files = Object.entries(unzipSync(bytes))
  return Object.fromEntries(
    files.map(([path, content]) => [`${name}/${path}`, `${path}\n${strFromU8(content, true)}`]),
  )
}
