import type { Effort } from './effort.js'
import type { Isa } from './isa.js'
import type { Launch } from './measure/launch.js'

/** A Python with torch and torchvision. */
export interface Peer {
  python: string
  torchVersion: string
}

/** What sections plan by. */
export interface BenchContext {
  /** The clone. */
  root: string
  /** Where the suite's own programs are built. */
  programs: string
  launch: Launch
  /** The folder of libtensorflow; null where there is none. */
  libraryDir: string | null
  peer: Peer | null
  /** One logical core of each physical one that may be used. */
  cores: readonly number[]
  effort: Effort
  /** What both sides are held to; null for all that the processor has. */
  isa: Isa | null
}
