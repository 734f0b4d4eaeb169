import type { Script } from './script.js'

/**
 * A training script that was named where no page can name one: in a terminal, or in a dialog of the desktop app. A page may
 * have it measured, as often as somebody likes, and no other command.
 */
export interface OfferedScript {
  /** With what was chosen beside it, which is where the page's form begins. */
  script: Script
  repeats: number
  seed: number
  deviceKind: ScriptDeviceKind
  /** A Python that was named; null leaves it to the command. */
  python: string | null
}

/** What is chosen where nobody has chosen anything. */
export const scriptDefaults = {
  worlds: [1, 2] as const,
  repeats: 3,
  steps: 40,
  warmUpSteps: 5,
  seed: 0,
  startSeconds: 600,
}

export const scriptDeviceKinds = ['auto', 'cpu', 'gpu'] as const

export type ScriptDeviceKind = (typeof scriptDeviceKinds)[number]

/**
 * What of a script is not as it was offered, among what a page cannot choose: the command, its folder, who starts the ranks,
 * and a copy of the folder, which it may ask for and not forgo. Null for nothing.
 */
export function unlikeOffered(wanted: Script, offered: Script): string | null {
  const isSame = (of: (script: Script) => unknown): boolean =>
    JSON.stringify(of(wanted)) === JSON.stringify(of(offered))
  if (!isSame(({ command }) => command)) return 'this is another command'
  if (!isSame(({ folder }) => folder)) return 'this is in another folder'
  if (!isSame(({ launcher }) => launcher)) return 'ranks of this are started in another way'
  return offered.isInScratch && !wanted.isInScratch ? 'this is not to run in a copy of its folder' : null
}
