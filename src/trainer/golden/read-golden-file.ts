import { readFileSync } from 'node:fs'
import type { OwnModelName, Stem } from '../../shared/domain/models.js'
import type { GoldenFile } from './golden-case.js'

/** The cases that bench/peers/golden.py writes. */
export const goldenCases: readonly { modelName: OwnModelName; stem: Stem }[] = [
  { modelName: 'resnet18', stem: 'torchvision' },
  { modelName: 'resnet18', stem: 'cifar' },
  { modelName: 'resnet34', stem: 'torchvision' },
]

export function readGoldenFile({ modelName, stem }: { modelName: OwnModelName; stem: Stem }): GoldenFile {
  const file = new URL(`${modelName}-${stem}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as GoldenFile
}
