import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

interface HighContrast {
  isHigh: boolean
  setHigh(isHigh: boolean): void
}

const Context = createContext<HighContrast>({ isHigh: false, setHigh: () => {} })

/** White on black, on top of the dark scheme: for what is within, and for dialogs that open over it. */
export function HighContrastProvider({ children }: { children: ReactNode }) {
  const [isHigh, setState] = useState(false)
  const setHigh = (wanted: boolean): void => {
    // At once: what draws on a canvas reads the colours when it is rendered next.
    mark(wanted)
    setState(wanted)
  }
  useEffect(() => () => mark(false), [])
  return <Context value={{ isHigh, setHigh }}>{children}</Context>
}

export function useHighContrast(): HighContrast {
  return useContext(Context)
}

/** What style sheets go by. */
function mark(isHigh: boolean): void {
  const { dataset } = document.documentElement
  if (isHigh) dataset.contrast = 'high'
  else delete dataset.contrast
}
