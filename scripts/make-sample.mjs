/**
 * Makes the sample that ships in resources/cifar10-sample from all of CIFAR-10 in its binary layout:
 *
 *   node scripts/make-sample.mjs CIFAR10_FOLDER [DESTINATION]
 *
 * The sample is the first 200 pictures of each class of the training files and the first 40 of the test
 * file, in the order they have there: the same bytes from the same source every time. Records keep
 * CIFAR-10's layout; Brotli brings 7.4 MB below 6 MB.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argv, stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const recordBytes = 3073
const classCount = 10
const splits = [
  { name: 'train', files: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), perClass: 200 },
  { name: 'test', files: ['test_batch.bin'], perClass: 40 },
]

/**
 * The first `perClass` records of each class, in file order.
 *
 * @param {string} folder
 * @param {{ name: string, files: string[], perClass: number }} split
 */
async function chooseRecords(folder, { name, files, perClass }) {
  const taken = new Uint32Array(classCount)
  const chosen = []
  for (const file of files) {
    const bytes = await readFile(join(folder, file))
    for (let offset = 0; offset + recordBytes <= bytes.length; offset += recordBytes) {
      const label = /** @type {number} */ (bytes[offset])
      const takenOfClass = taken[label] ?? perClass
      if (takenOfClass === perClass) continue
      taken[label] = takenOfClass + 1
      chosen.push(bytes.subarray(offset, offset + recordBytes))
      if (chosen.length === perClass * classCount) return Buffer.concat(chosen)
    }
  }
  throw new Error(`${name}: fewer than ${perClass} pictures of some class (found ${taken.join(', ')})`)
}

/** @param {Buffer} records */
function compress(records) {
  return promisify(brotliCompress)(records, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: records.length,
    },
  })
}

const [source, destination = fileURLToPath(new URL('../resources/cifar10-sample', import.meta.url))] =
  argv.slice(2)
if (source === undefined) {
  stderr.write('usage: node scripts/make-sample.mjs CIFAR10_FOLDER [DESTINATION]\n')
  process.exit(2)
}
for (const split of splits) {
  const records = await chooseRecords(source, split)
  const compressed = await compress(records)
  const path = join(destination, `${split.name}.bin.br`)
  await writeFile(path, compressed)
  stdout.write(
    `${path}: ${records.length / recordBytes} pictures, ${records.length} bytes, ${compressed.length} compressed\n`,
  )
}
