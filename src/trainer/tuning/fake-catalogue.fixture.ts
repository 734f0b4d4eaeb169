import type { ConvolutionUse } from '../kernels/lowering-choices.js'
import type { LoweringCatalogue } from './lowering-catalogue.js'

/**
 * A catalogue whose lowerings take what they are told to, by a clock that only they move. `runCount` are the runs so
 * far, of all of them.
 */
export function fakeCatalogue(timesOf: (use: ConvolutionUse, runCount: number) => Record<string, number>) {
  let nowMs = 0
  const runs: string[] = []
  let open = 0
  const catalogue: LoweringCatalogue = {
    settings: ['fake engine'],
    names: (use) => Object.keys(timesOf(use, 0)),
    open(use) {
      open++
      return {
        prepare(name) {
          open++
          return {
            async run() {
              runs.push(name)
              nowMs += timesOf(use, runs.length)[name] ?? Number.NaN
            },
            dispose() {
              open--
            },
          }
        },
        dispose() {
          open--
        },
      }
    },
  }
  return { catalogue, runs, nowMs: () => nowMs, openThings: () => open }
}

/** A use of a kernel on a map of `size` x `size`. */
export function someUse(kernel: ConvolutionUse['kernel'], size: number, batch = 4): ConvolutionUse {
  return {
    kernel,
    convolution: {
      batch,
      height: size,
      width: size,
      channels: 8,
      filterHeight: 3,
      filterWidth: 3,
      filters: 8,
      strides: 1,
      padding: 1,
    },
  }
}
