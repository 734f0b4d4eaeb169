import { TandemError, toErrorReport } from '../../shared/errors.js'
import { currentOperation } from './binding.js'

/**
 * tfjs draws random tensors in JavaScript, so a recorded step would repeat the same ones for ever. Draws with
 * a seed of their own repeat in eager mode as well and are let through.
 */
export function withoutRandomness<T>(stepName: string, build: () => T): T {
  const random = Math.random
  Math.random = () => {
    throw new TandemError({
      code: 'trace-random',
      message: `step "${stepName}": ${currentOperation()} draws random numbers that every call would repeat`,
      hint: 'Draw them outside and pass them in, or give the operation a seed.',
    })
  }
  try {
    return build()
  } catch (thrown) {
    if (thrown instanceof TandemError) throw thrown
    throw new TandemError(
      {
        code: 'trace-failed',
        message: `step "${stepName}" failed: ${toErrorReport(thrown).message}`,
        hint: 'Run the step eagerly to see the same failure with values.',
      },
      { cause: thrown },
    )
  } finally {
    Math.random = random
  }
}
