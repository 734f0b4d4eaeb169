import { scriptLimits } from './script.js'

/** What may be typed as numbers of ranks. */
export const allowedWorlds = `numbers of ranks up to ${scriptLimits.ranks}, such as 1,2,4`

/** `1,2,4` as numbers of ranks: in ascending order, each once. Null for anything else. */
export function readWorlds(text: string): number[] | null {
  const words = text.split(',').map((word) => word.trim())
  const isRight = words.every((word) => /^[1-9]\d?$/.test(word) && Number(word) <= scriptLimits.ranks)
  return isRight ? [...new Set(words.map(Number))].sort((a, b) => a - b) : null
}
