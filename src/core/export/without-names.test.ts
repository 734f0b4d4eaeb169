import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import { measurementOf, resultsOf } from '../../shared/report/run-results.fixture.js'
import type { Results } from '../../shared/results/results.js'
import type { RunSource } from '../history/report-source.js'
import { asOneFile, dataExports } from './data-exports.js'
import { recordingOf } from './exported-run.fixture.js'
import { withoutNames } from './without-names.js'

function runOn(hosts: readonly string[], changes: Partial<Results> = {}): Results {
  const run = resultsOf([measurementOf('single', 0), measurementOf('ddp', 0)])
  const [machine, ...otherMachines] = hosts.map((hostName) => ({ ...run.machine, hostName }))
  return { ...run, ...(machine && { machine }), otherMachines, ...changes }
}

function sourceOf(results: Results, recording: RecordedEvent[] = recordingOf(results)): RunSource {
  const events = async function* () {
    yield* recording
  }
  return {
    results,
    owner: null,
    events,
    sampledEvents: events,
    files: () => Promise.reject(new Error('no files')),
  }
}

const note = (notes: string[]) =>
  withoutNames(sourceOf(runOn(['atlas.lab.example', 'borealis'], { notes }))).results.notes[0]

describe('a run without the names of its machines', () => {
  it('numbers them in passports and in words, with a domain or without', () => {
    const { results } = withoutNames(sourceOf(runOn(['atlas.lab.example', 'borealis'])))
    expect(results.machine.hostName).toBe('node 0')
    expect(results.otherMachines?.[0]?.hostName).toBe('node 1')
    expect(note(['node 1 (borealis) was lost; ATLAS and atlas.lab.example went on.'])).toBe(
      'node 1 was lost; node 0 and node 0 went on.',
    )
  })

  it('leaves words alone that only contain a name', () => {
    expect(note(['atlases, my-atlas and xborealis'])).toBe('atlases, my-atlas and xborealis')
  })

  it('changes no word that means something, whatever machines are called', () => {
    const named = runOn(['single', 'ddp'])
    const { results } = withoutNames(sourceOf(named))
    expect(results.measurements).toEqual(named.measurements)
    expect(results.configuration).toEqual(named.configuration)
  })

  it('goes through the recording as well, and into every format', async () => {
    const source = withoutNames(sourceOf(runOn(['atlas', 'borealis'])))
    for await (const { event } of source.events()) {
      if (event.type === 'run-started') expect(event.machine.hostName).toBe('node 0')
    }
    for (const format of Object.values(dataExports)) {
      const pieces: Buffer[] = []
      for await (const piece of asOneFile(format, source)) pieces.push(Buffer.from(piece as Uint8Array))
      expect(Buffer.concat(pieces).toString('latin1')).not.toContain('atlas')
    }
  })
})
