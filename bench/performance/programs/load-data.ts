import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createBatchLoader } from '../../../src/trainer/data/batch-loader.js'
import { readDataset } from '../../../src/trainer/data/read-dataset.js'

/*
 * Pictures a second that a trainer's data workers shuffle, crop and flip when nothing else uses the cores: WORKERS.
 * Prints it as JSON, the first epoch left out.
 */

const batchSize = 256
const epochs = 3
const trainSamples = 100 * batchSize

const numWorkers = Number(process.argv[2] ?? 1)
const dataset = await readDataset({ kind: 'synthetic', trainSamples, testSamples: 1 }, 'train')
const loader = createBatchLoader({
  dataset,
  numWorkers,
  batchSize,
  rank: 0,
  worldSize: 1,
  seed: 0,
  shuffle: true,
  augment: true,
  maxStepsPerEpoch: -1,
  samplesPerEpoch: null,
  workerUrl: pathToFileURL(join(process.env.TANDEM_BENCH_ROOT ?? '', 'out', 'main', 'data-worker.js')),
})
let images = 0
let startedAt = 0
for (let epoch = 0; epoch < epochs; epoch++) {
  if (epoch === 1) {
    startedAt = performance.now()
    images = 0
  }
  loader.startEpoch(epoch)
  for (let batch = await loader.next(); batch !== null; batch = await loader.next()) images += batch.size
}
const imagesPerSecond = (images * 1000) / (performance.now() - startedAt)
await loader.close()
console.log(JSON.stringify({ imagesPerSecond }))
