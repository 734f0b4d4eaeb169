import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { Architecture } from './create-model.js'
import { removeLeastRecent } from './remove-least-recent.js'
import { drawnFrom, type InitialValues } from './variables.js'

/*
 * Drawing the 11 million initial weights of ResNet-18 takes most of a second, and every process of a run starts from the
 * same ones. The first keeps them in a file; the others read it in a twentieth of the time.
 *
 * A file is one line of JSON, filled up with spaces to `alignment`, then the parameters' values as float32.
 */

/** Of what `initialisers.ts` and the model make of a seed. Their test says when it must be raised. */
export const generatorVersion = 1

/** ResNet-18 has 45 MB, ResNet-34 has 85 MB. */
const mostBytes = 512 * 2 ** 20
const alignment = 64

const headerSchema = z.object({
  format: z.literal('tandem-initial-weights'),
  version: z.literal(1),
  /** What the values are those of: shown to people, and compared. */
  of: z.string(),
  /** Numbers of each parameter, in the order of their making. */
  counts: z.array(z.number().int().nonnegative()),
  /** CRC-32 of all values' bytes. */
  checksum: z.number().int().nonnegative(),
})

type Header = z.infer<typeof headerSchema>

export interface InitialWeights {
  /** The same bits as `drawnFrom`'s, wherever they come from. */
  readonly values: InitialValues
  /** Once the model is made: keeps what had to be drawn. Never rejects: without it the next process draws again. */
  keep(): Promise<void>
}

/**
 * Initial weights from a file in `directory`, where an earlier process has left a good one; else they are drawn. Several
 * processes may share the folder: files are replaced as a whole, and those that were not used for longest make room.
 */
export async function openInitialWeights(
  directory: string,
  architecture: Architecture,
  seed: number,
): Promise<InitialWeights> {
  const of = describe(architecture, seed)
  const path = join(directory, fileName(architecture, seed, of))
  const stored = await readWeights(path, of)
  const draw = drawnFrom(seed)
  const used: Float32Array[] = []
  let isWhole = stored !== null
  return {
    values(index, elementCount, initialiser) {
      const known = stored?.[index]
      const fits = known !== undefined && known.length === elementCount
      const values = fits ? known : draw(index, elementCount, initialiser)
      if (!fits) isWhole = false
      used[index] = values
      return values
    },
    async keep() {
      if (!isWhole) await writeWeights(directory, path, of, used)
      used.length = 0
    },
  }
}

/** All that the bits depend on: V8 has its own sine, cosine and logarithm, which a newer one may round otherwise. */
function describe(architecture: Architecture, seed: number): string {
  const engine = `V8 ${process.versions.v8} on ${process.arch}, ${endianness()}`
  return `${JSON.stringify(architecture)}, seed ${seed}, generator ${generatorVersion}, ${engine}`
}

function fileName(architecture: Architecture, seed: number, of: string): string {
  const what = architecture.kind === 'plain' ? 'plain' : `${architecture.modelName}-${architecture.stem}`
  return `${what}-seed-${seed}-${crc32(of).toString(16).padStart(8, '0')}.weights`
}

/** Each parameter's values, as views of one buffer; null unless the file is there, whole and that of `of`. */
async function readWeights(path: string, of: string): Promise<Float32Array[] | null> {
  try {
    const bytes = await readWhole(path)
    const headerLength = bytes.subarray(0, 2 ** 16).indexOf('\n') + 1
    const header = headerSchema.parse(JSON.parse(bytes.toString('utf8', 0, headerLength)))
    if (header.of !== of || crc32(bytes.subarray(headerLength)) !== header.checksum) return null
    // Tells that it was used, for `removeLeastRecent`.
    await utimes(path, new Date(), new Date()).catch(() => {})
    return viewsOf(bytes, headerLength, header.counts)
  } catch {
    return null
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > mostBytes) throw new Error(`${path} is larger than any model`)
    return await readFile(file)
  } finally {
    await file.close()
  }
}

function viewsOf(bytes: Buffer, headerLength: number, counts: readonly number[]): Float32Array[] | null {
  let offset = bytes.byteOffset + headerLength
  const views = counts.map((count) => {
    const view = new Float32Array(bytes.buffer, offset, count)
    offset += view.byteLength
    return view
  })
  return offset === bytes.byteOffset + bytes.byteLength ? views : null
}

async function writeWeights(
  directory: string,
  path: string,
  of: string,
  values: readonly Float32Array[],
): Promise<void> {
  const pieces = values.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  )
  const checksum = pieces.reduce((sum, piece) => crc32(piece, sum), 0)
  const counts = values.map(({ length }) => length)
  const header = { format: 'tandem-initial-weights', version: 1, of, counts, checksum } satisfies Header
  const temporary = `${path}.${randomUUID()}`
  try {
    await mkdir(directory, { recursive: true })
    await writeFile(temporary, [alignedLine(JSON.stringify(header)), ...pieces])
    await rename(temporary, path)
  } catch {
    await rm(temporary, { force: true }).catch(() => {})
  }
  await removeLeastRecent(directory, mostBytes)
}

function alignedLine(json: string): Buffer {
  const line = Buffer.from(`${json}\n`)
  const spaces = (alignment - (line.length % alignment)) % alignment
  return Buffer.from(`${json}${' '.repeat(spaces)}\n`)
}
