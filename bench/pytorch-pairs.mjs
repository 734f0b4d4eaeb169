/*
 * Whether Tandem's PyTorch engine costs anything: its training loop beside the plain one of bench/peers/train.py.
 *
 *   node bench/pytorch-pairs.mjs --python PYTHON [--pairs 40] [--steps 10] [--batch 64] [--stem torchvision] [--json FILE]
 *
 * On a quiet machine: some 9 minutes for 40 pairs on a core that takes 0.2 s a step. Both have one core, the same batch in
 * every step, and read the loss after each. A pair is a fresh process of either, in random order. Ends with 0 where the
 * 95 % interval of the ratio lies within 0.95 to 1.05.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ 'pytorch-pairs': 'pytorch-pairs/main.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'pytorch-pairs.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
