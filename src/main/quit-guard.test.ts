import { describe, expect, it, vi } from 'vitest'
import { createQuitGuard } from './quit-guard.js'

/** An app that quits as Electron does: it asks the guard first, and ends only if nothing objects. */
function app({ running = false } = {}) {
  let answer!: (isMeant: boolean) => void
  let closed!: () => void
  const state = { running, questions: 0, closings: 0, hasEnded: false }
  const guard = createQuitGuard({
    isRunning: () => state.running,
    confirm() {
      state.questions++
      return new Promise<boolean>((resolve) => {
        answer = resolve
      })
    },
    close() {
      state.closings++
      return new Promise<void>((resolve) => {
        closed = () => {
          state.running = false
          resolve()
        }
      })
    },
    quit,
  })
  function quit(): void {
    const preventDefault = vi.fn()
    guard.onBeforeQuit({ preventDefault })
    if (!preventDefault.mock.calls.length) state.hasEnded = true
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return {
    guard,
    state,
    quit: async () => {
      quit()
      await settled()
    },
    quitAnyway: async () => {
      guard.quitAnyway()
      await settled()
    },
    answer: async (isMeant: boolean) => {
      answer(isMeant)
      await settled()
    },
    everythingEnds: async () => {
      closed()
      await settled()
    },
  }
}

describe('quitting', () => {
  it('asks nothing when nothing runs, and ends after everything else has', async () => {
    const { state, quit, everythingEnds } = app()

    await quit()
    expect(state).toMatchObject({ questions: 0, closings: 1, hasEnded: false })
    await everythingEnds()

    expect(state.hasEnded).toBe(true)
  })

  it('asks in the middle of a run, and stops it before the app ends', async () => {
    const { guard, state, quit, answer, everythingEnds } = app({ running: true })

    await quit()
    expect(state).toMatchObject({ questions: 1, closings: 0 })
    await answer(true)
    expect(state).toMatchObject({ closings: 1, hasEnded: false })
    expect(guard.isSettled).toBe(false)
    await everythingEnds()

    expect(state).toMatchObject({ running: false, hasEnded: true })
  })

  it('goes on when that was not meant, and asks again the next time', async () => {
    const { state, quit, answer } = app({ running: true })

    await quit()
    await answer(false)
    expect(state).toMatchObject({ closings: 0, hasEnded: false })
    await quit()

    expect(state.questions).toBe(2)
  })

  it('asks once, however often one quits meanwhile', async () => {
    const { state, quit, answer } = app({ running: true })

    await quit()
    await quit()
    await answer(true)
    await quit()

    expect(state).toMatchObject({ questions: 1, closings: 1, hasEnded: false })
  })

  it('asks nobody where nobody is, and does not wait for an answer that was asked for before', async () => {
    const { state, quit, quitAnyway, answer, everythingEnds } = app({ running: true })

    await quit()
    await quitAnyway()
    expect(state).toMatchObject({ closings: 1 })
    await answer(false)
    await everythingEnds()

    expect(state).toMatchObject({ closings: 1, hasEnded: true })
  })
})
