import { describe, expect, it } from 'vitest'
import { installerFailure } from './installer-failure.js'

const notFound = 'ERROR: No matching distribution found for tensorflow-cpu==2.21.0'
const retrying = (cause: string) =>
  `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by '${cause}': /simple/tensorflow-cpu/`

/** As printed by pip 23 and 26 and by uv 0.13. */
describe('what pip and uv print when they fail', () => {
  it.each<['pip' | 'uv', string, string]>([
    [
      'pip',
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
      'engine-disk-full',
    ],
    [
      'pip',
      `${retrying("NewConnectionError('<pip._vendor.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')")}\n${notFound}`,
      'engine-index-unreachable',
    ],
    [
      'pip',
      `${retrying('ReadTimeoutError("HTTPConnectionPool(host=\'h\', port=1): Read timed out. (read timeout=15)")')}\n${notFound}`,
      'engine-no-progress',
    ],
    ['pip', notFound, 'engine-not-in-index'],
    [
      'pip',
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated ...',
      'engine-download-damaged',
    ],
    ['pip', 'ERROR: something that nobody has seen', 'engine-install-failed'],
    [
      'uv',
      'error: Request failed after 1 retry in 1.7s\n  cause: error sending request for url (u)\n  cause: tcp connect error',
      'engine-index-unreachable',
    ],
    [
      'uv',
      'error: Request failed\n  cause: error sending request for url (u)\n  cause: operation timed out',
      'engine-no-progress',
    ],
    ['uv', 'error: No solution found when resolving dependencies', 'engine-not-in-index'],
    ['uv', '', 'engine-install-failed'],
  ])('%s: %s', (name, output, code) => {
    const error = installerFailure({ name }, output)
    expect(error.code).toBe(code)
    expect(error.hint).not.toBe('')
  })

  it('quotes the line that tells, without addresses of objects', () => {
    const output = `Collecting x\n${retrying("NewConnectionError('<pip.X object at 0x7f>: refused')")}\n${notFound}`
    const { message } = installerFailure({ name: 'pip' }, output)
    expect(message).toContain('pip says: WARNING: Retrying')
    expect(message).toContain("NewConnectionError('refused')")
  })
})
