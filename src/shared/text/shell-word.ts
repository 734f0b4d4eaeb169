const plainWord = /^[\w./:,@%+=-]+$/

/** A word as a POSIX shell reads it back: in single quotes, unless it is plain. */
export function shellWord(word: string, isPlain = plainWord): string {
  return isPlain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
