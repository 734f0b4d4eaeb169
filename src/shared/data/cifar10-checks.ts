import { TandemError } from '../errors.js'
import { whyNotRead } from '../why-not-read.js'
import { classCount, imageBytes, recordBytes, splitFiles } from './cifar10.js'

/**
 * The number of records in a file of `bytes` bytes. Throws `data-empty` for none and `data-truncated`
 * where the last one is not whole.
 */
export function countRecords(path: string, bytes: number): number {
  if (bytes === 0) {
    throw new TandemError({
      code: 'data-empty',
      message: `${path} is empty; CIFAR-10's files hold one or more records of ${recordBytes} bytes`,
      hint: 'Copy or download the file again.',
    })
  }
  if (bytes % recordBytes !== 0) {
    throw new TandemError({
      code: 'data-truncated',
      message: `${path} has ${bytes} bytes; allowed: multiples of ${recordBytes} (one label and ${imageBytes} pixel bytes)`,
      hint: 'The file is cut off or not in the binary layout: copy or download the "binary version" again.',
    })
  }
  return bytes / recordBytes
}

/** Throws `data-label` for a label that is no class; `record` counts from 0 within the file. */
export function assertLabel(path: string, record: number, label: number): void {
  if (label < classCount) return
  throw new TandemError({
    code: 'data-label',
    message: `${path}, record ${record}: label ${label}; allowed: 0 to ${classCount - 1}`,
    hint: 'The file is damaged or another data set (CIFAR-100 has two label bytes): use the "binary version" of CIFAR-10.',
  })
}

/** A file or folder that cannot be opened, as `data-missing` or, where it is there, `data-unreadable`. */
export function unreadable(path: string, cause: unknown): TandemError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new TandemError(
      {
        code: 'data-missing',
        message: `${path} does not exist`,
        hint: `Name a folder that holds ${splitFiles.train[0]} to ${splitFiles.train.at(-1)} and ${splitFiles.test[0]}.`,
      },
      { cause },
    )
  }
  return new TandemError(
    {
      code: 'data-unreadable',
      message: `${path} cannot be read: ${whyNotRead(cause)}`,
      hint: 'Check that it is an ordinary file or folder and that you may read it.',
    },
    { cause },
  )
}
