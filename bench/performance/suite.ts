/** What one case measured, by name; units are in the names. */
export type Figures = Readonly<Record<string, number>>

/** One thing to measure, in fresh processes each time. */
export interface BenchCase {
  /** Unique within its group, and the same in every run: `tandem-ddp-2`. */
  id: string
  /** As progress names it: `Tandem DDP x2`. */
  title: string
  /** Where its processes run. */
  cores: readonly number[]
  /** Its failure is told, and fails nothing: others stand for it. */
  isOptional?: boolean
  measure(signal: AbortSignal): Promise<Figures>
}

/** Cases that are measured soon after each other, block after block, so that they can be compared. */
export interface CaseGroup {
  id: string
  /** Blocks. */
  repeats: number
  cases: readonly BenchCase[]
}

/** Which figure of which case; the group is the finding's. */
export interface FigureOf {
  caseId: string
  figure: string
}

/** A quotient of two figures of one group. */
export interface Ratio {
  over: FigureOf
  under: FigureOf
}

export type Unit = 'ratio' | 'share' | 'percentage points' | 'ms' | 'us' | 'bytes' | 'images/s' | 'GFLOP/s'

/** What has to be reached, in the finding's own unit. */
export type Bar = { atLeast: number } | { atMost: number }

/** Something to say about a group once it has been measured. */
export interface Finding {
  section: SectionName
  /** `fp32, CIFAR stem, batch 32: Tandem over PyTorch` */
  title: string
  group: string
  unit: Unit
  bar: Bar | null
  value:
    | { kind: 'figure'; of: FigureOf }
    | ({ kind: 'ratio' } & Ratio)
    /** Over the largest of those that were measured, by their medians. */
    | { kind: 'ratio-to-best'; over: FigureOf; under: readonly FigureOf[] }
    /** How much larger one ratio is than another. */
    | { kind: 'difference'; of: Ratio; than: Ratio }
}

/** One part of the suite, as `--only` names it. Sections may share groups: what both need is measured once. */
export interface Section {
  name: SectionName
  groups: readonly CaseGroup[]
  findings: readonly Finding[]
}

export const sectionNames = [
  'single',
  'ddp',
  'dp',
  'scaling',
  'execution',
  'memory',
  'all-reduce',
  'start',
  'overhead',
  'data',
  'wasm',
] as const

export type SectionName = (typeof sectionNames)[number]

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  single: 'Single, one core',
  ddp: 'DDP',
  dp: 'DP',
  scaling: 'Scaling over cores, the same batch on each',
  execution: 'Operation by operation, traced, tuned',
  memory: 'Resident memory, at its peak',
  'all-reduce': 'All-reduce between processes',
  start: 'Start',
  overhead: 'A call of a compiled step',
  data: 'Data',
  wasm: 'WebAssembly, one core',
}
