// Where a training step on one core spends its time, by oneDNN's own account:
//
//   npm run build && node bench/onednn.mjs [--stem torchvision|cifar] [--precision fp32|mixed] [--untuned]
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ onednn: 'performance/onednn-main.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'onednn.mjs')).href)
  await main(process.argv.slice(2))
} finally {
  await remove()
}
