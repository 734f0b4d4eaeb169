import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import got from 'got'
import { TandemError } from '../../shared/errors.js'

export interface ResumableDownload {
  url: string
  /** Grows while bytes arrive; what is in it already is not asked for again. */
  path: string
  /** The size the whole file must have. */
  totalBytes: number
  /** Gives up when no byte arrives for this long. */
  stallTimeoutMs: number
  signal?: AbortSignal | undefined
  onProgress?: ((receivedBytes: number) => void) | undefined
}

/**
 * Fetches `url` into `path`, continuing a file that an earlier call left there. Only the size is checked
 * here, the caller knows the checksum: a file that changed on the server between two calls comes out with
 * the right size and the wrong content.
 *
 * Throws `download-stalled`, `download-failed` (both keep the part that arrived), `download-wrong-size`
 * (removes it), or the signal's reason.
 */
export async function downloadResumably(download: ResumableDownload): Promise<void> {
  const startBytes = await resumeFrom(download)
  if (startBytes === download.totalBytes) return

  const stalled = new AbortController()
  const stallTimer = setTimeout(() => stalled.abort(), download.stallTimeoutMs)
  const signals = [stalled.signal, ...(download.signal ? [download.signal] : [])]
  try {
    await receive(download, startBytes, AbortSignal.any(signals), () => stallTimer.refresh())
  } catch (cause) {
    download.signal?.throwIfAborted()
    if (stalled.signal.aborted) throw stalledError(download, cause)
    if (cause instanceof TandemError) throw cause
    throw failedError(download, cause)
  } finally {
    clearTimeout(stallTimer)
  }
}

async function resumeFrom({ path, totalBytes }: ResumableDownload): Promise<number> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size <= totalBytes) return size
  await rm(path)
  return 0
}

async function receive(
  download: ResumableDownload,
  startBytes: number,
  signal: AbortSignal,
  onBytes: () => void,
): Promise<void> {
  const { url, path, totalBytes, onProgress } = download
  const request = got.stream(url, {
    signal,
    // The archive itself is what is wanted, also where the server labels it as compressed content.
    decompress: false,
    retry: { limit: 0 },
    headers: startBytes > 0 ? { range: `bytes=${startBytes}-` } : {},
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  // A server without ranges answers 200 and sends everything again.
  const resumes = response.statusCode === 206
  let receivedBytes = resumes ? startBytes : 0
  try {
    assertOfferedSize(response, download, receivedBytes)
    await pipeline(
      request,
      async function* count(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          onBytes()
          receivedBytes += chunk.length
          if (receivedBytes > totalBytes) throw wrongSize(download, `more than ${totalBytes} bytes`)
          yield chunk
          onProgress?.(receivedBytes)
        }
      },
      createWriteStream(path, { flags: resumes ? 'a' : 'w' }),
      { signal },
    )
    if (receivedBytes < totalBytes) {
      throw new Error(`the connection ended after ${receivedBytes} of ${totalBytes} bytes`)
    }
  } catch (cause) {
    request.destroy()
    if (cause instanceof TandemError) await rm(path, { force: true })
    throw cause
  }
}

/** Refuses another file (a sign-in page, a new edition) before its bytes mix with those that are here. */
function assertOfferedSize(response: IncomingMessage, download: ResumableDownload, startBytes: number): void {
  const contentRange = response.headers['content-range'] ?? ''
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(contentRange)
  if (response.statusCode === 206 && Number(range?.[1]) !== startBytes) {
    throw wrongSize(download, `"${contentRange}" when asked for byte ${startBytes} onwards`)
  }
  const offered = range ? range[2] : response.headers['content-length']
  if (offered !== undefined && Number(offered) !== download.totalBytes) {
    throw wrongSize(download, `${offered} bytes`)
  }
}

function wrongSize({ url, totalBytes }: ResumableDownload, sent: string): TandemError {
  return new TandemError({
    code: 'download-wrong-size',
    message: `${url} sends ${sent}; the file has ${totalBytes} bytes`,
    hint: 'A sign-in page or proxy may have answered instead of the server; download the file by hand and name its folder.',
  })
}

function stalledError({ url, stallTimeoutMs }: ResumableDownload, cause: unknown): TandemError {
  return new TandemError(
    {
      code: 'download-stalled',
      message: `no bytes from ${url} for ${stallTimeoutMs / 1000} s`,
      hint: 'Check the network connection and run again: the download continues where it stopped.',
    },
    { cause },
  )
}

function failedError({ url, path }: ResumableDownload, cause: unknown): TandemError {
  return new TandemError(
    {
      code: 'download-failed',
      message: `${url}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: `Check the network connection and the free space for ${path}, then run again: it continues where it stopped.`,
    },
    { cause },
  )
}
