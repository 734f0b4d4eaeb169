import { z } from 'zod'
import { presetNames } from '../domain/presets.js'

/**
 * What someone wants measured when they start the dashboard: a preset at once; `first`: quick, where the history is
 * still empty; false: nothing.
 */
export const runWishSchema = z.union([z.enum(presetNames), z.literal('first'), z.literal(false)])
export type RunWish = z.infer<typeof runWishSchema>

/** The wish as arguments of the desktop app, which `readRunWish` understands. */
export function runWishArguments(wish: RunWish): string[] {
  if (wish === 'first') return []
  return [wish === false ? '--no-run' : `--run=${wish}`]
}

/** The wish among a program's arguments; whatever else there is, is not looked at. `first` where there is none. */
export function readRunWish(args: readonly string[]): RunWish {
  if (args.includes('--no-run')) return false
  const asked = args.find((argument) => argument.startsWith('--run='))?.slice('--run='.length)
  return presetNames.find((name) => name === asked) ?? 'first'
}
