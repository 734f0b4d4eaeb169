import { describe, expect, it } from 'vitest'
import { endpointText, parseEndpoint } from './endpoint.js'

describe('an endpoint', () => {
  it.each([
    ['node0:29500', { host: 'node0', port: 29_500 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
    ['[fd00::1]:29500', { host: 'fd00::1', port: 29_500 }],
    ['node0.example', { host: 'node0.example', port: 29_400 }],
  ])('%s is read, and written as it was', (text, endpoint) => {
    expect(parseEndpoint(text, '--rdzv-endpoint')).toEqual(endpoint)
    expect(endpointText(endpoint).startsWith(text)).toBe(true)
  })

  it.each(['', ':1', 'a:', 'a:0', 'a:65536', 'a:1:2', 'fd00::1', '[x]:1', 'a b:1', 'http://a:1'])(
    '%j is refused',
    (text) => {
      expect(() => parseEndpoint(text, '--rdzv-endpoint')).toThrow(/--rdzv-endpoint: .* is not HOST:PORT/)
    },
  )
})
