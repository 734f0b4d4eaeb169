import { describe, expect, it } from 'vitest'
import { systemErrorCode } from './system-error.js'

const withCode = (code: unknown) => Object.assign(new Error('x'), { code })

describe("a system's error", () => {
  it('goes by its name, also where Node has only the number', () => {
    expect(systemErrorCode(withCode('ENOSPC'))).toBe('ENOSPC')
    expect(systemErrorCode(withCode('Unknown system error -122'))).toBe('EDQUOT')
    expect(systemErrorCode(withCode('Unknown system error -9999'))).toBe('Unknown system error -9999')
  })

  it('is none of the others', () => {
    expect([new Error('x'), withCode(5), 'ENOSPC', null].map(systemErrorCode)).toEqual(
      Array(4).fill(undefined),
    )
  })
})
