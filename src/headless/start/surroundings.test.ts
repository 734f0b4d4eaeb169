import { describe, expect, it } from 'vitest'
import { lookAround, type SurroundingsInput } from './surroundings.js'

const desk: SurroundingsInput = {
  environment: { DISPLAY: ':0' },
  platform: 'linux',
  isTerminal: true,
  userId: 1000,
}
const around = (changes: Partial<SurroundingsInput> = {}) => lookAround({ ...desk, ...changes })

describe('where Tandem was started', () => {
  it('is a desk, with a terminal and a display', () => {
    expect(around()).toEqual({
      hasTerminal: true,
      isCi: false,
      isRemote: false,
      hasDisplay: true,
      isRoot: false,
    })
  })

  it.each([
    ['true', true],
    ['1', true],
    ['woodpecker', true],
    ['false', false],
    ['0', false],
    ['', false],
    [undefined, false],
  ])('with CI=%s is a build server: %s', (CI, isCi) => {
    expect(around({ environment: { CI } }).isCi).toBe(isCi)
  })

  it.each([[{ SSH_CONNECTION: '10.0.0.2 5 10.0.0.1 22' }], [{ SSH_TTY: '/dev/pts/3' }]])(
    'is at the other end of a session with %j, whatever display that forwards',
    (variables) => {
      const { isRemote } = around({ environment: { DISPLAY: 'localhost:10.0', ...variables } })

      expect(isRemote).toBe(true)
    },
  )

  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, boolean]>([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['freebsd', {}, false],
    ['darwin', {}, true],
    ['win32', {}, true],
  ])('on %s with %j has a display: %s', (platform, environment, hasDisplay) => {
    expect(around({ platform, environment }).hasDisplay).toBe(hasDisplay)
  })

  it('is root’s only where there is a root', () => {
    expect(around({ userId: 0 }).isRoot).toBe(true)
    expect(around({ platform: 'win32', userId: null }).isRoot).toBe(false)
  })
})
