import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/**
 * How Chromium draws: on the graphics card; on the processor, by a process of its own; or on the processor within the
 * app, which leaves nothing of graphics that could fail at all.
 */
export const graphicsModes = ['hardware', 'software', 'in-process'] as const
export type GraphicsMode = (typeof graphicsModes)[number]

/** What was learnt of this machine's graphics, kept over restarts. */
const memorySchema = z.object({
  mode: z.enum(['software', 'in-process']),
  /** Another Chromium may get on with the driver. */
  electronVersion: z.string(),
  /** Whether somebody was told. */
  said: z.boolean(),
})
export type GraphicsMemory = z.infer<typeof memorySchema>

export interface GraphicsChoice {
  mode: GraphicsMode
  why: 'usual' | 'asked' | 'measured' | 'failed'
}

/** Names a mode, whatever was remembered: `TANDEM_GRAPHICS=hardware` tries the card again. */
export const graphicsVariable = 'TANDEM_GRAPHICS'

/**
 * How to draw this time. A GPU that Tandem measures is left to what is measured: Chromium would take memory and time
 * of it, more the more a page moves.
 */
export function chooseGraphics(
  environment: NodeJS.ProcessEnv,
  memory: GraphicsMemory | null,
  measuresGpu: boolean,
): GraphicsChoice {
  const asked = graphicsModes.find((mode) => mode === environment[graphicsVariable])
  if (asked !== undefined) return { mode: asked, why: 'asked' }
  if (memory !== null) return { mode: memory.mode, why: 'failed' }
  return measuresGpu ? { mode: 'software', why: 'measured' } : { mode: 'hardware', why: 'usual' }
}

/** As `src/core/devices/nvidia-driver.ts`, at once: Electron asks before anything can be awaited. */
export function hasGpuToMeasure(): boolean {
  return existsSync('/dev/nvidiactl') || existsSync('/usr/lib/wsl/lib/libcuda.so.1')
}

/** Null where nothing is remembered, or it was of another Electron. */
export function readGraphicsMemory(path: string, electronVersion: string): GraphicsMemory | null {
  try {
    const memory = memorySchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    return memory.electronVersion === electronVersion ? memory : null
  } catch {
    return null
  }
}

/** At once, since Chromium may be about to end the app. Not to be able to is no reason to say anything. */
export function writeGraphicsMemory(path: string, memory: GraphicsMemory | null): void {
  try {
    if (memory === null) {
      rmSync(path, { force: true })
      return
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(memory))
  } catch {
    // The next start fails as this one did, and falls back as this one does.
  }
}
