import { describe, expect, it } from 'vitest'
import { RunLog } from './run-log.js'

describe('the log of a run', () => {
  it('holds whole lines, by who printed them', () => {
    const log = new RunLog(() => 0)

    expect(log.take('DDP rank 0', 'one\ntw')).toEqual([{ source: 'DDP rank 0', text: 'one' }])
    expect(log.take('DDP rank 1', 'other\r\n')).toEqual([{ source: 'DDP rank 1', text: 'other' }])
    expect(log.take('DDP rank 0', 'o\n\n')).toEqual([{ source: 'DDP rank 0', text: 'two' }])
  })

  it('leaves out most of a flood, says so once, and recovers', () => {
    let nowMs = 0
    const log = new RunLog(() => nowMs)

    const shown = log.take('Single', 'x\n'.repeat(5_000))
    expect(shown).toHaveLength(201)
    expect(shown.at(-1)?.text).toMatch(/the log file has it all/)
    expect(log.take('Single', 'x\n')).toEqual([])

    nowMs = 1_000
    expect(log.take('Single', 'calm again\n')).toEqual([{ source: 'Single', text: 'calm again' }])
  })

  it('does not keep a line without end', () => {
    const log = new RunLog(() => 0)
    for (let part = 0; part < 100; part++) expect(log.take('Single', 'x'.repeat(10_000))).toEqual([])

    expect(log.take('Single', '\n')[0]?.text).toHaveLength(1_000)
  })
})
