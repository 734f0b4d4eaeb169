import { createHash } from 'node:crypto'
import type { Classifier } from './classifier.js'

/** SHA-256 of the bits of all parameters in order, as hexadecimal: equal on all ranks of a healthy group. */
export function parameterChecksum({ parameters }: Classifier): string {
  const hash = createHash('sha256')
  for (const { variable } of parameters) {
    const values = variable.dataSync()
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
