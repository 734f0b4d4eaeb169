import type { ConvolutionUse } from '../kernels/lowering-choices.js'

/** The ways of one engine to compute convolution kernels, for the autotuner. */
export interface LoweringCatalogue {
  /** What timings depend on besides the convolution, one line each: the engine, its threads, the precision. */
  readonly settings: readonly string[]
  /** Names of the lowerings that can compute `use`; the one that is used untuned first. */
  names(use: ConvolutionUse): string[]
  /** Makes inputs to time the lowerings of `use` on. The caller disposes what it gets. */
  open(use: ConvolutionUse): LoweringBench
}

export interface LoweringBench {
  /** Makes a lowering ready to run on the shared inputs. */
  prepare(name: string): PreparedLowering
  dispose(): void
}

export interface PreparedLowering {
  /** Computes once; resolves when the device is done. */
  run(): Promise<void>
  dispose(): void
}
