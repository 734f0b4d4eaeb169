import { useCallback, useState } from 'react'

/** A set of keys that are switched one by one: the lines that a legend hides. */
export function useToggles(): { hidden: ReadonlySet<string>; toggle(key: string): void } {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback((key: string) => {
    setHidden((before) => {
      const after = new Set(before)
      if (!after.delete(key)) after.add(key)
      return after
    })
  }, [])
  return { hidden, toggle }
}
