import type { ErrorReport } from '../shared/errors.js'

export const exitCodes = { success: 0, failure: 1, badUsage: 2, regression: 3, interrupted: 130 } as const

/** Errors about what someone typed or named: found before anything is started, and theirs to correct. */
const badUsageCodes: ReadonlySet<string> = new Set([
  'address-exposed',
  'address-unavailable',
  'baseline-missing',
  'browser-missing',
  'bundle-invalid',
  'bundle-too-large',
  'data-dir-unused',
  'data-empty',
  'data-folder-invalid',
  'data-label',
  'data-missing',
  'data-not-unpacked',
  'data-truncated',
  'data-unreadable',
  'devices-invalid',
  'devices-unavailable',
  'engine-folder-invalid',
  'engine-missing',
  'engine-unsuitable',
  'gpu-required',
  'interface-unknown',
  'label-too-long',
  'no-home',
  'node-mismatch',
  'node-twice',
  'node-version',
  'output-not-writable',
  'python-missing',
  'pytorch-broken',
  'pytorch-missing',
  'pytorch-too-old',
  'port-taken',
  'results-invalid',
  'results-too-new',
  'results-unreadable',
  'run-active',
  'run-ambiguous',
  'run-exists',
  'run-is-example',
  'run-missing',
  'script-isolated',
  'script-missing',
  'secret-exposed',
  'secret-invalid',
  'secret-not-written',
  'secret-refused',
  'secret-unreadable',
  'usage',
])

/** The exit code of a command that ended with this error. */
export function exitCodeOf({ code }: Pick<ErrorReport, 'code'>): number {
  if (code === 'cancelled') return exitCodes.interrupted
  return badUsageCodes.has(code) ? exitCodes.badUsage : exitCodes.failure
}
