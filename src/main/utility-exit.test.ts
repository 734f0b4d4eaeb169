import { describe, expect, it } from 'vitest'
import { type ChildDeath, toChildExit } from './utility-exit.js'

const crashed: ChildDeath['reason'] = 'crashed'
const killed: ChildDeath['reason'] = 'killed'

describe('how a utility process ended', () => {
  it.each([
    ['by itself', 0, null, { code: 0, signal: null }],
    ['with a code of its own', 3, null, { code: 3, signal: null }],
    ['with a code that comes as a wait status', 3 << 8, null, { code: 3, signal: null }],
    [
      'with a code that a signal has too',
      11,
      { reason: 'abnormal-exit', exitCode: 11 },
      { code: 11, signal: null },
    ],
    ['in native code', 139, { reason: crashed, exitCode: 139 }, { code: null, signal: 'SIGSEGV' }],
    ['by abort()', 6, { reason: crashed, exitCode: 6 }, { code: null, signal: 'SIGABRT' }],
    ['killed from outside', 9, { reason: killed, exitCode: 9 }, { code: null, signal: 'SIGKILL' }],
    ['for want of memory', 9, { reason: 'oom', exitCode: 9 }, { code: null, signal: 'SIGKILL' }],
    // Electron says 0 of whatever it has killed itself.
    ['killed by the app', 0, { reason: killed, exitCode: 15 }, { code: null, signal: 'SIGTERM' }],
    ['for a reason without a signal', 5, { reason: crashed, exitCode: 0 }, { code: 5, signal: null }],
  ] as const)('%s', (_, code, death, exit) => {
    expect(toChildExit(code, death, 'linux')).toEqual(exit)
  })

  it('on Windows, where there are no signals', () => {
    const accessViolation = 0xc0000005
    const death = { reason: crashed, exitCode: accessViolation }

    expect(toChildExit(accessViolation, death, 'win32')).toEqual({ code: accessViolation, signal: null })
  })

  it('before it began', () => {
    const exit = toChildExit(0, { reason: 'launch-failed', exitCode: 1003 }, 'linux')

    expect(exit).toMatchObject({
      code: null,
      signal: null,
      startError: { message: expect.stringMatching(/1003/) },
    })
  })
})
