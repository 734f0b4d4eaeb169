import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DataFormatId, exportFormatIds } from '../../shared/export/export-formats.js'
import type { RunSource } from '../history/report-source.js'
import { OutputFile } from '../results/output-file.js'
import type { FileContent } from './data-export.js'
import { dataExports } from './data-exports.js'
import { completeRun, filesOf, piecesOf, sourceOf } from './exported-run.fixture.js'
import { exporters, exportRun, inMemory } from './exporters.js'

const exported = sourceOf(completeRun())
const source: RunSource = {
  ...exported,
  sampledEvents: exported.events,
  files: () => Promise.reject(new Error('no bundle was asked for')),
}

function contentOf(id: DataFormatId, signal = new AbortController().signal): Promise<FileContent> {
  const ports = {
    render: () => Promise.reject(new Error('no report was asked for')),
    print: () => Promise.reject(new Error('no report was asked for')),
  }
  return exporters[id](source, { paper: 'a4', ports, signal }).then(({ content }) => content as FileContent)
}

async function bytesOf(id: DataFormatId): Promise<Buffer> {
  const pieces = await piecesOf(await contentOf(id))
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array)))
}

describe('the data of a run as one file', () => {
  it('can be had in every format that menus name', () => {
    expect(Object.keys(exporters).sort()).toEqual([...exportFormatIds].sort())
    expect(Object.entries(dataExports).map(([id, format]) => [id, format.id])).toEqual(
      Object.keys(dataExports).map((id) => [id, id]),
    )
  })

  it.each(['csv', 'tensorboard'] as const)('is an archive where it is a folder: %s', async (id) => {
    const files = await filesOf(dataExports[id].files(source))
    const unpacked = unzipSync(await bytesOf(id))

    expect(Object.keys(unpacked)).toEqual([...files.keys()])
    for (const [name, bytes] of files) expect(Buffer.from(unpacked[name] as Uint8Array)).toEqual(bytes)
  })

  it.each(['trace', 'mllog', 'markdown'] as const)('is the file where it is one: %s', async (id) => {
    const [file] = (await filesOf(dataExports[id].files(source))).values()

    expect(await bytesOf(id)).toEqual(file)
  })

  it('unpacks to text that was written as such', async () => {
    const { 'steps.csv': steps } = unzipSync(await bytesOf('csv'))

    expect(strFromU8(steps as Uint8Array)).toMatch(/^run_id,strategy,/)
  })
})

describe('as it travels to a page', () => {
  const { signal } = new AbortController()
  const ports = { render: async () => '', print: async () => ({ bytes: new Uint8Array(), notes: [] }) }

  it('is one file with a name of its own', async () => {
    const { fileName, mediaType, base64 } = await exportRun(source, 'csv', { paper: 'a4', ports, signal })

    expect({ fileName, mediaType }).toEqual({
      fileName: 'tandem-20260131-142530-9f3a1c.csv.zip',
      mediaType: 'application/zip',
    })
    expect(Object.keys(unzipSync(Buffer.from(base64, 'base64')))).toContain('steps.csv')
  })

  it('is refused as soon as it is too large, naming the way that has no limit', async () => {
    let pieces = 0
    async function* endless(): FileContent {
      for (;;) {
        pieces++
        yield 'x'.repeat(1000)
      }
    }

    await expect(inMemory(endless(), 10_000)).rejects.toMatchObject({
      code: 'export-too-large',
      hint: expect.stringContaining('tandem report'),
    })
    expect(pieces).toBe(11)
  })
})

describe('writing it', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-export-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  it('puts its pieces into a file one after another', async () => {
    const file = await OutputFile.open(join(folder, 'trace.json'), '--trace')
    await file.write(await contentOf('trace'))

    expect(await readFile(file.path)).toEqual(await bytesOf('trace'))
  })

  it('ends when it is told to, and leaves nothing behind', async () => {
    const controller = new AbortController()
    const content = await contentOf('csv', controller.signal)
    controller.abort()
    const file = await OutputFile.open(join(folder, 'tables.zip'), '--csv')

    await expect(file.write(content)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await readdir(folder)).toEqual([])
  })

  it('passes on why pieces could not be made, as it was said', async () => {
    const file = await OutputFile.open(join(folder, 'file'), '--csv')
    async function* broken(): FileContent {
      yield 'some'
      throw new Error('the recording cannot be read')
    }

    await expect(file.write(broken())).rejects.toThrow(/^the recording cannot be read$/)
    expect(await readdir(folder)).toEqual([])
  })
})
