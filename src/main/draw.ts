import { app } from 'electron'
import {
  chooseGraphics,
  type GraphicsMemory,
  hasGpuToMeasure,
  readGraphicsMemory,
  writeGraphicsMemory,
} from './graphics.js'
import { createGraphicsWatch } from './graphics-watch.js'
import type { Launcher } from './launcher.js'

export interface Drawing {
  /** Calls back when the app is to start anew, to draw in a way that works. Called once at most. */
  onFallBack(restart: () => void): void
  /** Once after a fall-back: what somebody should know. */
  takeNotice(): string | null
}

/**
 * Has Chromium draw in a way that works on this machine and disturbs no measurement. Graphics that fail are answered
 * by a start without them, which is remembered. Must be called before the app is ready.
 *
 * @param memoryPath the file that remembers
 */
export function chooseDrawing(memoryPath: string): Drawing {
  const electronVersion = process.versions.electron ?? ''
  let memory = readGraphicsMemory(memoryPath, electronVersion)
  const { mode, why } = chooseGraphics(process.env, memory, hasGpuToMeasure())
  if (mode !== 'hardware') app.disableHardwareAcceleration()
  if (mode === 'in-process') app.commandLine.appendSwitch('in-process-gpu')
  if (mode === 'hardware' && why === 'asked') writeGraphicsMemory(memoryPath, null)

  const remember = (fallback: GraphicsMemory): void => {
    memory = fallback
    writeGraphicsMemory(memoryPath, fallback)
  }
  return {
    onFallBack(restart) {
      const watch = createGraphicsWatch(mode)
      app.on('child-process-gone', (_event, details) => {
        const fallback = watch(details)
        if (fallback === null) return
        remember({ mode: fallback, electronVersion, said: false })
        restart()
      })
    },
    takeNotice() {
      if (why !== 'failed' || memory === null || memory.said) return null
      remember({ ...memory, said: true })
      return 'Tandem draws without the graphics card from now on.'
    },
  }
}

/** At once: Chromium is about to end the app, and what it has started ends with it. */
export function startAgain(launcher: Launcher): void {
  // Whoever waits for this process would not know of another one.
  if (launcher.isThere) launcher.tell('startAgain')
  else app.relaunch()
  app.exit(0)
}
