import { TandemError } from '../../shared/errors.js'
import type { Pointer } from './c-api/prototype.js'
import type { CApi } from './library.js'

/** TF_Code (tensorflow/c/tf_status.h), as far as a person can do something about it. */
const codes: Readonly<Record<number, { code: string; hint: string }>> = {
  1: {
    code: 'tensorflow-cancelled',
    hint: 'The step was cancelled because another part of the group stopped.',
  },
  3: { code: 'tensorflow-invalid', hint: 'Check the shapes and types of the named operation.' },
  4: { code: 'tensorflow-deadline', hint: 'A peer did not arrive in time; see its log.' },
  5: { code: 'tensorflow-not-found', hint: 'The operation or device does not exist in this TensorFlow.' },
  8: { code: 'out-of-memory', hint: 'Use a smaller batch, or --precision mixed.' },
  12: { code: 'tensorflow-unimplemented', hint: 'This TensorFlow has no kernel for it on this device.' },
  14: { code: 'tensorflow-unavailable', hint: 'A peer is gone; see its log for the cause.' },
}

/** Throws what `status` reports, if it reports an error. `context` says what was attempted. */
export function throwIfFailed(api: CApi, status: Pointer, context: () => string): void {
  const number = api.eager.statusCode(status)
  if (number === 0) return
  const message = api.eager.statusMessage(status)
  // Calls that succeed do not all reset a status, and describing the context may use the same one.
  api.eager.setStatus(status, 0, '')
  const known = codes[number] ?? { code: 'tensorflow-error', hint: 'TensorFlow reported an internal error.' }
  throw new TandemError({
    code: known.code,
    message: `${attempted(context)}: ${message}`,
    hint: known.hint,
  })
}

/** What was attempted, even where describing it fails for the same reason. */
function attempted(context: () => string): string {
  try {
    return context()
  } catch {
    return 'an operation on a device that no longer answers'
  }
}
