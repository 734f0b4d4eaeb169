import { describe, expect, it } from 'vitest'
import { needsEngine } from './needs-engine.mjs'

describe('needsEngine', () => {
  it.each([
    ['run'],
    ['run --preset quick'],
    ['ddp --nproc-per-node 2'],
    ['run --backend auto'],
    ['run --backend=wasm --backend tensorflow'],
  ])('tandem %s is worth fetching TensorFlow for', (line) => {
    expect(needsEngine(line.split(' '))).toBe(true)
  })

  it.each([
    [''],
    ['--help'],
    ['--version'],
    ['help run'],
    ['devices --json'],
    ['engine status'],
    ['engine install'],
    ['run --help'],
    ['ddp -h'],
    ['run --backend wasm'],
    ['run --backend=wasm --epochs 1'],
  ])('tandem %s is not', (line) => {
    expect(needsEngine(line.split(' '))).toBe(false)
  })
})
