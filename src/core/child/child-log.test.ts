import { describe, expect, it } from 'vitest'
import { ChildLog } from './child-log.js'

function tellingLines(text: string): string {
  const log = new ChildLog(null)
  for (const character of text) log.append(character)
  return log.tellingLines()
}

describe('what a child printed', () => {
  it('is told from the last line that mentions an error', () => {
    const text =
      'Error: an old one\nstarting\nRangeError: too many\n    at step (model.js:1)\n\nNode.js v20\n'
    expect(tellingLines(text)).toBe('RangeError: too many | at step (model.js:1) | Node.js v20')
  })

  it('is its last lines without one', () => {
    expect(tellingLines('one\ntwo\nthree\nfour\n')).toBe('two | three | four')
  })

  it("leaves out TensorFlow's own greetings", () => {
    const greetings = [
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
      'I0000 00:00:1795475108.097009   29622 port.cc:153] oneDNN custom operations are on. round-off errors',
      '2026-01-31 14:25:30.1: I tensorflow/core/platform/cpu_feature_guard.cc:227] This TensorFlow binary',
    ]
    expect(tellingLines(greetings.join('\n'))).toBe('')
  })

  it('never grows beyond its bound', () => {
    const log = new ChildLog(null)
    log.append(`Error: early\n${'x'.repeat(70_000)}\n`)
    expect(log.mentions(/early/)).toBe(false)
    expect(log.tellingLines()).toHaveLength(300)
  })
})
