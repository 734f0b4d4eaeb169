import { open, rm } from 'node:fs/promises'
import type { RunLabel } from '../../../shared/results/history-entry.js'
import type { Results } from '../../../shared/results/results.js'
import { readTextFile } from '../../files/read-text-file.js'
import { parseResults } from '../../results/results-file.js'
import { type ImportedRun, writeRecord } from '../import-run.js'
import { readRecording } from '../recording.js'
import { recordingText } from '../recording-from-results.js'
import { isRunId, privateFileMode, type RunFolder, runFolder } from '../run-folder.js'
import { parseLabel, writeLabel } from '../run-label.js'
import type { SetAside } from '../set-aside.js'
import {
  type BundleManifest,
  type BundlePart,
  bundleManifestSchema,
  bundleParts,
  bundleVersion,
  notABundle,
} from './bundle-format.js'
import { type Archive, type ArchiveBytes, ArchiveRefused, readArchive } from './read-archive.js'

/** A bundle as it lies in a file, or as it came from a page. */
export interface BundleFile {
  /** What people see of where it came from; no folder. */
  fileName: string
  source: ArchiveBytes
}

/**
 * Unpacks a bundle where nobody looks, checks that all of it belongs to one run, then moves it into the history as a
 * whole. Nothing of one that is refused stays. Throws `bundle-invalid`, what `parseResults` throws, and the reason of
 * `signal` once it has fired.
 */
export async function writeImportedBundle(
  { fileName, source }: BundleFile,
  aside: SetAside,
  signal?: AbortSignal,
): Promise<ImportedRun> {
  try {
    const archive = await readArchive(source)
    const { runId } = await readManifest(archive, fileName)
    const files = runFolder(await aside.newFolder())
    try {
      await unpackRun(archive, { runId, fileName, files, signal })
      return { runId, isNew: await aside.moveIn(files.directory, runId) }
    } finally {
      // Where it was moved, there is nothing left to remove.
      await rm(files.directory, { recursive: true, force: true })
    }
  } catch (error) {
    throw error instanceof ArchiveRefused ? notABundle(fileName, error.message) : error
  }
}

async function readManifest(archive: Archive, fileName: string): Promise<BundleManifest> {
  const { data } = bundleManifestSchema.safeParse(parseJson(await partText(archive, 'bundle.json')))
  if (data === undefined) throw notABundle(fileName, 'its bundle.json is none')
  if (data.version > bundleVersion) {
    throw notABundle(fileName, `it has version ${data.version}; this Tandem reads version ${bundleVersion}`)
  }
  if (!isRunId(data.runId)) throw notABundle(fileName, `${JSON.stringify(data.runId.slice(0, 80))} is no run`)
  return data
}

interface Unpacking {
  runId: string
  fileName: string
  files: RunFolder
  signal: AbortSignal | undefined
}

async function unpackRun(archive: Archive, { runId, fileName, files, signal }: Unpacking): Promise<void> {
  const label = archive.has('label.json') ? parseLabel(await partText(archive, 'label.json')) : null
  if (archive.has('label.json') && label === null) throw notABundle(fileName, 'its label.json is none')
  await unpackPart(archive, 'results.json', files.results, signal)
  const text = await readTextFile(files.results, {
    longestBytes: bundleParts['results.json'].mostBytes,
    signal,
    refuse: (why) => notABundle(fileName, `its results.json is none: ${why}`),
  })
  const results = parseResults(text, `${fileName}: results.json`)
  if (results.runId !== runId) throw notABundle(fileName, 'its results are of another run')
  if (archive.has('recording.jsonl')) {
    await unpackPart(archive, 'recording.jsonl', files.recording, signal)
    await assertRecordingOf(results, files.recording, fileName, signal)
  } else {
    await writePieces(files.recording, recordingText(results))
  }
  if (label !== null) await writeLabelOf(files, label)
  await writeRecord(files, results, fileName)
}

async function writeLabelOf(files: RunFolder, label: RunLabel): Promise<void> {
  if (label.name !== null || label.notes !== '') await writeLabel(files.label, label)
}

/** A run says which it is with its first event; that much may be damaged. */
const lookedAt = 100

/**
 * Throws `bundle-invalid` for a recording of another run: one that begins with another id, another beginning, or other
 * settings than the results say.
 */
async function assertRecordingOf(
  { runId, startedAt, configuration }: Results,
  path: string,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let seen = 0
  for await (const { event } of readRecording(path, signal)) {
    if (event.type !== 'run-started') {
      if (++seen === lookedAt) break
      continue
    }
    const begins = Math.abs(event.startedAtMs - Date.parse(startedAt))
    const isSame =
      event.runId === runId &&
      begins < 60_000 &&
      event.configuration.seed === configuration.seed &&
      event.configuration.modelName === configuration.modelName &&
      event.configuration.dataset === configuration.dataset
    if (isSame) return
    throw notABundle(fileName, 'its recording is of another run than its results')
  }
  throw notABundle(fileName, 'its recording does not begin a run')
}

async function unpackPart(
  archive: Archive,
  part: BundlePart,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await writePieces(path, stoppable(archive.read(part), signal))
}

async function* stoppable(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    yield piece
  }
}

async function writePieces(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<string>,
): Promise<void> {
  const file = await open(path, 'wx', privateFileMode)
  try {
    for await (const piece of pieces) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

async function partText(archive: Archive, part: BundlePart): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of archive.read(part)) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
