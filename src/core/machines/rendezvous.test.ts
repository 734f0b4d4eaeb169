import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEndpoint, parseEndpoint } from './rendezvous.js'

describe('the endpoint where machines meet', () => {
  it.each([
    ['10.0.0.1:29500', { host: '10.0.0.1', port: 29_500 }],
    ['node-0.cluster.local:1', { host: 'node-0.cluster.local', port: 1 }],
    ['[fd00::1]:65535', { host: 'fd00::1', port: 65_535 }],
  ])('is read from %s', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint)
    expect(formatEndpoint(endpoint)).toBe(text)
  })

  it.each([
    '',
    '10.0.0.1',
    ':29500',
    'a:0',
    'a:65536',
    'fd00::1:29500',
    '[10.0.0.1]:29500',
    'a b:1',
    'http://a:1',
  ])('is not %j', (text) => {
    expect(parseEndpoint(text)).toBeUndefined()
  })

  it('is written as it is read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(parseEndpoint(formatEndpoint({ host, port }))).toEqual({ host, port })
      }),
    )
  })
})
