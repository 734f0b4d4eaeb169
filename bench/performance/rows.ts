import type { Precision } from '../../src/shared/domain/engines.js'
import type { Stem } from '../../src/shared/domain/models.js'

/** The settings in which both sides train, as `--rows` names them. */
export const rowNames = ['fp32-torchvision', 'bf16-torchvision', 'fp32-cifar', 'bf16-cifar'] as const

export type RowName = (typeof rowNames)[number]

export function rowName(stem: Stem, precision: Precision): RowName {
  return `${precisionName(precision)}-${stem}`
}

/** `mixed` is bfloat16 on processors. */
export function precisionName(precision: Precision): 'fp32' | 'bf16' {
  return precision === 'mixed' ? 'bf16' : precision
}
