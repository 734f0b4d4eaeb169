import { describe, expect, it } from 'vitest'
import { listOf, parseOptions } from './options.js'
import { sectionNames } from './suite.js'

const parse = (...parameters: string[]) => parseOptions(['node', 'bench.mjs', ...parameters])

describe('the options of npm run bench', () => {
  it('measure everything unless told otherwise', () => {
    expect(parse()).toMatchObject({ only: [...sectionNames], quick: false, seed: 0, continue: false })
    expect(parse().pairs).toBeUndefined()
  })

  it('narrow, repeat, limit and continue a suite', () => {
    const options = parse('--only', 'ddp,single', '--pairs', '7', '--max-minutes', '3.5', '--continue')
    expect(options).toMatchObject({ only: ['single', 'ddp'], pairs: 7, maxMinutes: 3.5, continue: true })
  })

  it('hold both sides to an instruction set', () => {
    expect(parse('--isa', 'avx512').isa).toBe('avx512')
    expect(parse().isa).toBeUndefined()
  })

  it('choose rows, peers and steps', () => {
    const options = parse('--rows', 'bf16-cifar,fp32-cifar', '--peers', 'compiled,eager', '--steps', '4')
    expect(options).toMatchObject({
      rows: ['fp32-cifar', 'bf16-cifar'],
      peers: ['eager', 'compiled'],
      steps: 4,
    })
    expect(parse().rows).toBeUndefined()
  })

  it('refuse a section that does not exist, and say which do', () => {
    expect(() => listOf(sectionNames, 'single,gpu')).toThrow(/single, ddp, dp/)
  })
})
