/** What someone typed after `tandem`, and how it would have been right. */

/** As a person types it again. */
export function asTyped(args: readonly string[]): string {
  return [
    'tandem',
    ...args.map((word) => (/^[\w./:,@%+=-]+$/.test(word) ? word : JSON.stringify(word))),
  ].join(' ')
}

/** The flag's name, without a value that was joined to it. */
export function flagName(word: string): string {
  return word.split('=')[0] ?? word
}

/**
 * The line with a flag replaced, and the value that belongs to it.
 *
 * @param instead what stands in its place, for the value that was given; null for none
 */
export function withFlagReplaced(
  args: readonly string[],
  flag: string,
  { takesValue, instead }: { takesValue: boolean; instead(value: string | null): readonly string[] },
): string[] {
  const index = args.findIndex((word) => flagName(word) === flag)
  if (index === -1) return [...args]
  const word = args[index] as string
  const joined = word.includes('=') ? word.slice(word.indexOf('=') + 1) : null
  const next = args[index + 1]
  const apart = joined === null && takesValue && next !== undefined && !next.startsWith('-') ? next : null
  return [
    ...args.slice(0, index),
    ...instead(joined ?? apart),
    ...args.slice(index + (apart === null ? 1 : 2)),
  ]
}
