import { parseArgs } from 'node:util'

const training = new Set(['run', 'ddp'])

/**
 * Whether a command line is going to train with TensorFlow, so that the engine is worth fetching first. It
 * takes the options it knows and leaves the judging of the rest to the command line itself.
 *
 * @param {string[]} args what follows `tandem`
 * @returns {boolean}
 */
export function needsEngine(args) {
  if (!training.has(args[0] ?? '')) return false
  const { values } = parseArgs({
    args,
    strict: false,
    options: { help: { type: 'boolean', short: 'h' }, backend: { type: 'string' } },
  })
  return values.help !== true && values.backend !== 'wasm'
}
