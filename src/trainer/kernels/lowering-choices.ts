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
let choices = new Map<string, string>()
let version = 0
let recording: { uses: ConvolutionUse[]; suggest: Suggest } | null = null

/** Names a lowering for a use that nothing was chosen for yet; undefined leaves it to the kernel. */
export type Suggest = (use: ConvolutionUse) => string | undefined

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
  if (recording !== null) {
    recording.uses.push(use)
    adopt(use, recording.suggest)
  }
  return choices.get(keyWithoutBatch(use))
}

/** What a kernel compiled now would use; undefined where that is left to it. */
export function currentLowering(use: ConvolutionUse): string | undefined {
  return choices.get(keyWithoutBatch(use))
}

/** A suggestion changes nothing that was compiled before: the kernel is met for the first time. */
function adopt(use: ConvolutionUse, suggest: Suggest): void {
  const key = keyWithoutBatch(use)
  if (choices.has(key)) return
  const suggested = suggest(use)
  if (suggested !== undefined) choices.set(key, suggested)
}

/**
 * Every use of a convolution kernel that `run` makes, in order. What nothing was chosen for is computed as `suggest`
 * says, from then on.
 */
export async function recordConvolutions(
  run: () => void | Promise<void>,
  suggest: Suggest = () => undefined,
): Promise<ConvolutionUse[]> {
  const uses: ConvolutionUse[] = []
  recording = { uses, suggest }
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
