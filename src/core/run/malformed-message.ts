import type { z } from 'zod'
import type { ErrorReport } from '../../shared/errors.js'

/** What is wrong with a message that is none, naming its type and the first field that does not fit. */
export function explainMalformedMessage(name: string, raw: unknown, error: z.ZodError): ErrorReport {
  const [issue] = error.issues
  const path = issue?.path ?? []
  if (path.at(-1) === 'loss' && !Number.isFinite(valueAt(raw, path))) {
    return {
      code: 'loss-not-finite',
      message: `${name}: the loss is no longer a number, so training has diverged`,
      hint: 'Try a smaller --lr.',
    }
  }
  const type = valueAt(raw, ['type'])
  const which = typeof type === 'string' ? `"${type}"` : 'without a type'
  const where = path.length === 0 ? '' : ` at ${path.join('.')}`
  return {
    code: 'trainer-protocol',
    message: `${name} sent a malformed message (${which}${where}: ${issue?.message})`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value)
}
