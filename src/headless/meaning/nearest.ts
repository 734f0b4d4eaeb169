import { closest, distance } from 'fastest-levenshtein'

/** In characters: shorter ones are part of too much. */
const leastPart = 4

/** The one of these words that a mistyped or shortened one most likely stands for; null where none is near. */
export function nearest(text: string, words: readonly string[]): string | null {
  const wanted = plain(text)
  if (wanted === '' || words.length === 0) return null
  const same = words.find((word) => plain(word) === wanted)
  if (same !== undefined) return same
  // `torch` is pytorch, `resnet` the first of its name, and `--paper-size` is `--paper`.
  const isPart = (part: string, whole: string): boolean => part.length >= leastPart && whole.includes(part)
  const holding =
    words.find((word) => isPart(wanted, plain(word))) ?? words.find((word) => isPart(plain(word), wanted))
  if (holding !== undefined) return holding
  const near = closest(wanted, words.map(plain))
  const isNear = distance(wanted, near) <= Math.ceil(wanted.length / 3)
  return isNear ? (words.find((word) => plain(word) === near) ?? null) : null
}

/** Without case, hyphens and the like: `ResNet-18` is `resnet18`. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9,]/g, '')
}
