import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { type Convolution, describeConvolution, outputSize } from '../convolution-geometry.js'
import { type ConvolutionUse, convolutionKernelNames, setLoweringChoices } from '../lowering-choices.js'
import { runKernel } from '../run-kernel.js'
import { anyConvolution, resNetConvolutions } from './convolutions.js'
import { expectClose, randomReference, takeValues, toTensor } from './gradient-check.js'

/**
 * Every lowering of the current backend gives what the usual one gives, which `opsSuite` checks against naive loops.
 * Call it inside a `describe`.
 */
export function loweringsSuite(names: (use: ConvolutionUse) => string[]): void {
  afterEach(() => setLoweringChoices([]))

  const usesOf = (convolution: Convolution): ConvolutionUse[] =>
    convolutionKernelNames.map((kernel) => ({ kernel, convolution }))

  function expectAlike(use: ConvolutionUse): void {
    const [, ...others] = names(use)
    setLoweringChoices([])
    const expected = compute(use)
    for (const lowering of others) {
      setLoweringChoices([{ use, lowering }])
      expectClose(compute(use), expected)
    }
  }

  it.each(
    resNetConvolutions.flatMap(usesOf).map((use) => ({ use, title: describeConvolution(use.convolution) })),
  )('$use.kernel of $title is the same by every lowering', ({ use }) => expectAlike(use))

  it('is the same by every lowering for any convolution', () => {
    fc.assert(
      fc.property(anyConvolution, (convolution) => {
        for (const use of usesOf(convolution)) expectAlike(use)
      }),
      { numRuns: 60 },
    )
  })

  it('has another lowering for every kernel of a 2x2 map, where most time is to be won', () => {
    const convolution = resNetConvolutions.find(
      ({ height, strides, filterHeight }) => height === 2 && strides === 1 && filterHeight === 3,
    ) as Convolution
    for (const use of usesOf(convolution)) expect(names(use)).toContain('fully connected')
  })
}

function compute({ kernel, convolution }: ConvolutionUse): Float32Array {
  const { batch, height, width, channels, filterHeight, filterWidth, filters, strides, padding } = convolution
  const pictureShape = [batch, height, width, channels]
  const filterShape = [filterHeight, filterWidth, channels, filters]
  const window = { strides, padding }
  const result = tidy((): Tensor => {
    const x = toTensor(randomReference(pictureShape, 1))
    const filter = toTensor(randomReference(filterShape, 2))
    const dy = toTensor(randomReference([batch, ...outputSize(convolution), filters], 3))
    switch (kernel) {
      case 'PaddedConv2D':
        return runKernel(kernel, { x, filter }, window)[0]
      case 'PaddedConv2DBackpropInput':
        return runKernel(kernel, { dy, filter }, { ...window, inputShape: pictureShape })[0]
      case 'PaddedConv2DBackpropFilter':
        return runKernel(kernel, { x, dy }, { ...window, filterShape })[0]
    }
  })
  return takeValues(result)
}
