import { createContext, useContext } from 'react'

/** Which keys go through the phases of a step: where arrows mean something else, others do. */
interface StepKeys {
  next: string
  previous: string
}

export const StepKeys = createContext<StepKeys>({ next: 'ArrowRight', previous: 'ArrowLeft' })

export function useStepKeys(): StepKeys {
  return useContext(StepKeys)
}

const keyNames: Readonly<Record<string, string>> = {
  ArrowRight: 'right arrow',
  ArrowLeft: 'left arrow',
  '.': 'full stop',
  ',': 'comma',
}

/** A key as people call it. */
export function keyName(key: string): string {
  return keyNames[key] ?? key
}
