import { type Convolution, describeConvolution } from './convolution-geometry.js'

/** The kernels that can be computed in several mathematically equal ways. */
export const convolutionKernelNames = [
  'PaddedConv2D',
  'PaddedConv2DBackpropInput',
  'PaddedConv2DBackpropFilter',
] as const
export type ConvolutionKernel = (typeof convolutionKernelNames)[number]

/** A kernel at one shape: what the autotuner decides about. */
export interface ConvolutionUse {
  kernel: ConvolutionKernel
  convolution: Convolution
}

/** Names a use: kernel, batch and shapes. */
export function keyOf({ kernel, convolution }: ConvolutionUse): string {
  return `${kernel} ${describeConvolution(convolution)}`
}

/*
 * What this thread's engine was told. There is one engine a process, on wasm one a thread, and tfjs gives its kernels
 * no other place to be told anything.
 */
let choices: ReadonlyMap<string, string> = new Map()
let version = 0
let recording: ConvolutionUse[] | null = null

/**
 * Sets the lowerings that kernels use from now on. A choice holds for every batch: the smaller batch at the end of an
 * epoch is not worth timing. What is not named is left to the kernel.
 */
export function setLoweringChoices(chosen: readonly LoweringChoice[]): void {
  choices = new Map(chosen.map(({ use, lowering }) => [keyWithoutBatch(use), lowering]))
  version++
}

export interface LoweringChoice {
  use: ConvolutionUse
  lowering: string
}

/** Changes whenever the choices do: what was compiled before is out of date. */
export function loweringVersion(): number {
  return version
}

/** The lowering to use, by name; undefined leaves it to the kernel. */
export function chosenLowering(use: ConvolutionUse): string | undefined {
  recording?.push(use)
  return choices.get(keyWithoutBatch(use))
}

/** Every use of a convolution kernel that `run` makes, in order. */
export async function recordConvolutions(run: () => void | Promise<void>): Promise<ConvolutionUse[]> {
  const uses: ConvolutionUse[] = []
  recording = uses
  try {
    await run()
  } finally {
    recording = null
  }
  return uses
}

/** Of uses that differ in nothing but their batch, those with the largest. */
export function withLargestBatch(uses: readonly ConvolutionUse[]): ConvolutionUse[] {
  const largest = new Map<string, number>()
  for (const use of uses) {
    const key = keyWithoutBatch(use)
    largest.set(key, Math.max(largest.get(key) ?? 0, use.convolution.batch))
  }
  return uses.filter((use) => largest.get(keyWithoutBatch(use)) === use.convolution.batch)
}

function keyWithoutBatch({ kernel, convolution }: ConvolutionUse): string {
  return keyOf({ kernel, convolution: { ...convolution, batch: 0 } })
}
