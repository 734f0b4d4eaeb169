import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { archiveDirectory, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { RandomStream } from '../../shared/random.js'
import { type Archive, cifar10Archive, type DownloadProgress, downloadCifar10 } from './download.js'
import { type FileServer, type FileServerBehaviour, serveFile } from './file-server.fixture.js'

const recordsPerFile = 20
let archiveContent: Buffer

/** A small archive of the published shape; its pixels are noise, so that it stays some hundred kB packed. */
async function makeArchive(): Promise<Buffer> {
  const parent = await mkdtemp(join(tmpdir(), 'tandem-archive-'))
  const noise = new RandomStream(1, 0)
  try {
    await mkdir(join(parent, archiveDirectory))
    for (const name of [...splitFiles.train, ...splitFiles.test]) {
      const bytes = Buffer.from(
        Uint8Array.from({ length: recordsPerFile * recordBytes }, () => noise.below(256)),
      )
      for (let record = 0; record < recordsPerFile; record++) bytes[record * recordBytes] = record % 10
      await writeFile(join(parent, archiveDirectory, name), bytes)
    }
    const path = join(parent, 'archive.tar.gz')
    await create({ gzip: true, file: path, cwd: parent }, [archiveDirectory])
    return await readFile(path)
  } finally {
    await rm(parent, { recursive: true })
  }
}

describe('downloadCifar10', () => {
  let directory: string
  let server: FileServer | undefined

  beforeAll(async () => {
    archiveContent = await makeArchive()
  })

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-download-'))
  })

  afterEach(async () => {
    await server?.close()
    server = undefined
    await rm(directory, { recursive: true })
  })

  async function serve(behaviour: FileServerBehaviour = {}, content = archiveContent): Promise<Archive> {
    server = await serveFile(content, behaviour)
    const md5 = createHash('md5').update(archiveContent).digest('hex')
    return { url: server.url, bytes: archiveContent.length, md5 }
  }

  const partial = () => join(directory, 'cifar-10-binary.tar.gz.partial')
  const partialBytes = async () => (await stat(partial())).size

  it('knows the published archive', () => {
    expect(cifar10Archive).toEqual({
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    })
  })

  it('downloads, verifies and unpacks with progress, and leaves nothing else behind', async () => {
    const archive = await serve()
    const progress: DownloadProgress[] = []
    const target = join(directory, archiveDirectory)
    expect(
      await downloadCifar10({ directory, archive, onProgress: (report) => progress.push(report) }),
    ).toEqual({
      directory: target,
      trainSamples: 5 * recordsPerFile,
      testSamples: recordsPerFile,
    })
    expect(await readdir(directory)).toEqual([archiveDirectory])
    const received = progress.flatMap((report) =>
      report.phase === 'downloading' ? [report.receivedBytes] : [],
    )
    expect(received).toEqual([...received].sort((a, b) => a - b))
    expect(received.at(-1)).toBe(archive.bytes)
    expect(progress.slice(-2)).toEqual([{ phase: 'verifying' }, { phase: 'extracting' }])
  })

  it('uses sound files that are there without asking the server', async () => {
    const archive = await serve()
    const first = await downloadCifar10({ directory, archive })
    expect(await downloadCifar10({ directory, archive })).toEqual(first)
    expect(server?.ranges).toHaveLength(1)
  })

  it('replaces damaged files', async () => {
    const archive = await serve()
    const { directory: target } = await downloadCifar10({ directory, archive })
    await writeFile(join(target, 'data_batch_3.bin'), 'cut off')
    await downloadCifar10({ directory, archive })
    expect((await stat(join(target, 'data_batch_3.bin'))).size).toBe(recordsPerFile * recordBytes)
  })

  it('asks only for the bytes that an earlier download did not bring', async () => {
    const archive = await serve()
    await writeFile(partial(), archiveContent.subarray(0, 123_456))
    expect(await downloadCifar10({ directory, archive })).toMatchObject({ testSamples: recordsPerFile })
    expect(server?.ranges).toEqual(['bytes=123456-'])
  })

  it('recovers by a second call from a connection that was cut', async () => {
    const archive = await serve({ cutFirstAnswerAt: 100_000 })
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({ code: 'download-failed' })
    expect(await downloadCifar10({ directory, archive })).toMatchObject({ testSamples: recordsPerFile })
    expect(server?.ranges).toHaveLength(2)
  })

  it('starts again where the server knows no ranges', async () => {
    const archive = await serve({ ignoresRanges: true })
    await writeFile(partial(), archiveContent.subarray(0, 123_456))
    expect(await downloadCifar10({ directory, archive })).toMatchObject({ testSamples: recordsPerFile })
    expect(server?.ranges).toHaveLength(1)
  })

  it('rejects and removes a file of the right size with the wrong checksum', async () => {
    const damaged = Buffer.from(archiveContent)
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] as number) ^ 1
    const archive = await serve({}, damaged)
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({
      code: 'data-checksum',
      message: expect.stringContaining(archive.md5),
    })
    expect(await readdir(directory)).toEqual([])
  })

  it.each([
    { sent: 'a small page', content: Buffer.from('<html>Sign in</html>'), withoutLength: false },
    { sent: 'a larger file of unsaid size', content: Buffer.alloc(2_000_000), withoutLength: true },
  ])('rejects $sent sent in its place', async ({ content, withoutLength }) => {
    const archive = await serve({ withoutLength }, content)
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({
      code: 'download-wrong-size',
    })
    expect(await readdir(directory)).toEqual([])
  })

  it('rejects a file of unsaid size that ends early', async () => {
    const archive = await serve({ withoutLength: true }, archiveContent.subarray(0, 5000))
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining(`ended after 5000 of ${archive.bytes} bytes`),
    })
    expect(await partialBytes()).toBe(5000)
  })

  it('gives up on a server that goes silent, keeping what arrived', async () => {
    const archive = await serve({ stallAt: 50_000 })
    await expect(downloadCifar10({ directory, archive, stallTimeoutMs: 500 })).rejects.toMatchObject({
      code: 'download-stalled',
      message: expect.stringContaining('no bytes'),
    })
    expect(await partialBytes()).toBe(50_000)
  })

  it('names the status of a refusal', async () => {
    const archive = await serve({ status: 404 })
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('404'),
    })
  })

  it('says so where nothing listens', async () => {
    const archive = await serve()
    await server?.close()
    server = undefined
    await expect(downloadCifar10({ directory, archive })).rejects.toMatchObject({ code: 'download-failed' })
  })

  it('stops with the reason of its signal', async () => {
    const archive = await serve({ stallAt: 50_000 })
    const stop = new AbortController()
    const reason = new Error('stopped by the user')
    const running = downloadCifar10({
      directory,
      archive,
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    })
    await expect(running).rejects.toBe(reason)
  })
})
