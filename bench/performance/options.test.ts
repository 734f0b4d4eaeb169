import { describe, expect, it } from 'vitest'
import { parseOptions, sectionList } from './options.js'
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

  it('refuse a section that does not exist, and say which do', () => {
    expect(() => sectionList('single,gpu')).toThrow(/single, ddp, dp/)
  })
})
