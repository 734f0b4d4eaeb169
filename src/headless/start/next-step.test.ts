import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presetNames } from '../../shared/domain/presets.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import { type ElectronState, type NextStep, nextStep } from './next-step.js'
import { lookAround, type SurroundingsInput } from './surroundings.js'

const desk: SurroundingsInput = {
  environment: { DISPLAY: ':0' },
  platform: 'linux',
  isTerminal: true,
  userId: 1000,
}
const ssh = { SSH_CONNECTION: '10.0.0.2 51234 10.0.0.1 22' }
const installed: ElectronState = { status: 'installed', path: '/clone/electron' }
const missing: ElectronState = { status: 'missing' }
const refused: ElectronState = { status: 'unavailable', why: 'no bytes came for 20 s' }
const died: ElectronState = { status: 'failed', why: 'it ended with exit code 1' }
const hung: ElectronState = { status: 'failed', why: 'it was not ready within 10 s' }

interface Row {
  where: string
  at?: Partial<SurroundingsInput>
  electron: ElectronState
  wish?: RunWish
  does: NextStep['do']
  why?: RegExp
}

const rows: Row[] = [
  { where: 'a Linux desk, Electron there', electron: installed, does: 'open-desktop', why: /display/ },
  { where: 'a Linux desk, Electron not there yet', electron: missing, does: 'fetch-electron' },
  {
    where: 'a Linux desk, Electron refused',
    electron: refused,
    does: 'serve-browsers',
    why: /^Electron is not there: no bytes came for 20 s$/,
  },
  {
    where: 'a Linux desk, Electron dies',
    electron: died,
    does: 'serve-browsers',
    why: /did not open a window: it ended with exit code 1/,
  },
  {
    where: 'a Linux desk, Electron hangs',
    electron: hung,
    does: 'serve-browsers',
    why: /did not open a window: it was not ready/,
  },
  {
    where: 'Wayland',
    at: { environment: { WAYLAND_DISPLAY: 'wayland-0' } },
    electron: installed,
    does: 'open-desktop',
  },
  { where: 'macOS', at: { platform: 'darwin', environment: {} }, electron: installed, does: 'open-desktop' },
  {
    where: 'macOS over SSH',
    at: { platform: 'darwin', environment: ssh },
    electron: installed,
    does: 'serve-browsers',
    why: /SSH/,
  },
  {
    where: 'Windows',
    at: { platform: 'win32', environment: {}, userId: null },
    electron: missing,
    does: 'fetch-electron',
  },
  {
    where: 'a Linux server',
    at: { environment: {} },
    electron: installed,
    does: 'serve-browsers',
    why: /DISPLAY/,
  },
  {
    where: 'a Linux server, nothing fetched for it',
    at: { environment: {} },
    electron: missing,
    does: 'serve-browsers',
  },
  {
    where: 'a session with X forwarding',
    at: { environment: { DISPLAY: 'localhost:10.0', ...ssh } },
    electron: installed,
    does: 'serve-browsers',
    why: /SSH/,
  },
  { where: 'root', at: { userId: 0 }, electron: installed, does: 'serve-browsers', why: /root/ },
  {
    where: 'root, nothing fetched',
    at: { userId: 0 },
    electron: missing,
    does: 'serve-browsers',
    why: /root/,
  },
  { where: 'a pipe', at: { isTerminal: false }, electron: installed, does: 'measure', why: /no terminal/ },
  {
    where: 'a pipe over SSH, as root, without Electron',
    at: { isTerminal: false, environment: ssh, userId: 0 },
    electron: missing,
    does: 'measure',
  },
  {
    where: 'a build server',
    at: { environment: { CI: 'true', DISPLAY: ':99' } },
    electron: installed,
    does: 'measure',
    why: /CI/,
  },
  {
    where: 'a build server without a terminal',
    at: { environment: { CI: '1' }, isTerminal: false },
    electron: missing,
    does: 'measure',
    why: /CI/,
  },
  {
    where: 'a service that is to serve',
    at: { isTerminal: false, environment: {} },
    electron: missing,
    wish: false,
    does: 'serve-browsers',
    why: /no terminal/,
  },
  { where: 'a desk, no run wanted', electron: installed, wish: false, does: 'open-desktop' },
]

describe('what npm start does next', () => {
  it.each(rows)('$where: $does', ({ at = {}, electron, wish = 'first', does, why = /./ }) => {
    const step = nextStep(lookAround({ ...desk, ...at }), wish, electron)

    expect(step.do).toBe(does)
    if ('why' in step) expect(step.why).toMatch(why)
  })

  const anywhere = fc.record<SurroundingsInput>({
    environment: fc.record(
      {
        CI: fc.constantFrom('true', 'false'),
        SSH_TTY: fc.constant('/dev/pts/1'),
        DISPLAY: fc.constant(':0'),
      },
      { requiredKeys: [] },
    ),
    platform: fc.constantFrom('linux', 'darwin', 'win32'),
    isTerminal: fc.boolean(),
    userId: fc.constantFrom(0, 1000, null),
  })
  const anyWish = fc.constantFrom<RunWish>(...presetNames, 'first', false)
  const outcomes = fc.constantFrom(installed, refused)

  it('comes to an end: at most one fetch and one try to open a window, then a dashboard or a benchmark', () => {
    fc.assert(
      fc.property(
        anywhere,
        anyWish,
        fc.constantFrom(installed, missing, refused),
        outcomes,
        (at, wish, begin, fetched) => {
          const around = lookAround(at)
          const done: NextStep['do'][] = []
          let electron: ElectronState = begin
          for (let tries = 0; tries < 4; tries++) {
            const step = nextStep(around, wish, electron)
            done.push(step.do)
            if (step.do === 'serve-browsers' || step.do === 'measure') break
            electron = step.do === 'fetch-electron' ? fetched : died
          }
          expect(['serve-browsers', 'measure']).toContain(done.at(-1))
          expect(new Set(done).size).toBe(done.length)
        },
      ),
    )
  })

  it('never opens a window for root, over SSH, without a display or without anybody', () => {
    fc.assert(
      fc.property(anywhere, anyWish, (at, wish) => {
        const around = lookAround(at)
        const { hasTerminal, isCi, isRemote, isRoot, hasDisplay } = around
        const mayOpen = hasTerminal && hasDisplay && !isCi && !isRemote && !isRoot

        expect(nextStep(around, wish, installed).do === 'open-desktop').toBe(mayOpen)
        expect(nextStep(around, wish, missing).do === 'fetch-electron').toBe(mayOpen)
      }),
    )
  })
})
