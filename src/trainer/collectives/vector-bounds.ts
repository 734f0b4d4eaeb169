import { TandemError } from '../../shared/errors.js'

/** @throws TandemError unless elements [offset, offset + count) lie within a vector of `elementCount`. */
export function assertWithin(elementCount: number, offset: number, count: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset + count <= elementCount) return
  throw new TandemError({
    code: 'internal',
    message: `elements ${offset} to ${offset + count} lie outside a vector of ${elementCount}`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
