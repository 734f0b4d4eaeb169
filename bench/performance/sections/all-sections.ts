import type { BenchContext } from '../context.js'
import type { Section, SectionName } from '../suite.js'
import { allReduceSection } from './all-reduce.js'
import { dataSection } from './data.js'
import { ddpSection } from './ddp.js'
import { dpSection } from './dp.js'
import { executionSection } from './execution.js'
import { memorySection } from './memory.js'
import { overheadSection } from './overhead.js'
import { scalingSection } from './scaling.js'
import { singleSection } from './single.js'
import { startSection } from './start.js'
import { wasmSection } from './wasm.js'

const sections: Readonly<Record<SectionName, (context: BenchContext) => Section>> = {
  single: singleSection,
  ddp: ddpSection,
  dp: dpSection,
  scaling: scalingSection,
  execution: executionSection,
  memory: memorySection,
  'all-reduce': allReduceSection,
  start: startSection,
  overhead: overheadSection,
  data: dataSection,
  wasm: wasmSection,
}

export function chooseSections(names: readonly SectionName[], context: BenchContext): Section[] {
  return names.map((name) => sections[name](context))
}
