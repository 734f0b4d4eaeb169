import type { BenchContext } from '../context.js'
import { measureTandem } from '../measure/tandem-training.js'
import type { BenchCase, Section } from '../suite.js'

const group = 'wasm'
const caseId = 'tandem-single-wasm'
const batchSize = 32

/** The engine for where TensorFlow is not. */
export function wasmSection(context: BenchContext): Section {
  return {
    name: 'wasm',
    groups: [{ id: group, repeats: context.effort.repeats, cases: [wasmCase(context)] }],
    findings: [
      {
        section: 'wasm',
        title: `fp32, torchvision stem, batch ${batchSize}`,
        group,
        unit: 'images/s',
        bar: { atLeast: 60 },
        value: { kind: 'figure', of: { caseId, figure: 'imagesPerSecond' } },
      },
    ],
  }
}

function wasmCase(context: BenchContext): BenchCase {
  return {
    id: caseId,
    title: 'Tandem Single, wasm',
    cores: context.cores.slice(0, 1),
    measure: (signal) =>
      measureTandem(
        context,
        {
          strategy: 'single',
          devices: 1,
          stem: 'torchvision',
          precision: 'fp32',
          batchSize,
          timedSteps: context.effort.timedSteps.torchvision,
          backend: { name: 'wasm' },
          autotune: true,
        },
        signal,
      ),
  }
}
