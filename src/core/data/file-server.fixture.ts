import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FileServer {
  url: string
  /** The `Range` header of each request so far; null where there was none. */
  ranges: (string | null)[]
  close(): Promise<void>
}

export interface FileServerBehaviour {
  /** Ends the connection after this many bytes of the first answer. */
  cutFirstAnswerAt?: number
  /** Sends this many bytes of every answer and then nothing more. */
  stallAt?: number
  /** Answers requests for a range with the whole file. */
  ignoresRanges?: boolean
  /** Leaves the size unsaid. */
  withoutLength?: boolean
  status?: number
}

/** A real HTTP server on 127.0.0.1 that offers one file and fails on demand. */
export async function serveFile(content: Buffer, behaviour: FileServerBehaviour = {}): Promise<FileServer> {
  const ranges: (string | null)[] = []
  const server = createServer((request, response) => {
    const range = request.headers.range ?? null
    const isFirst = ranges.push(range) === 1
    if (behaviour.status) return response.writeHead(behaviour.status).end()
    const start = behaviour.ignoresRanges ? 0 : Number(range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0)
    const body = content.subarray(start)
    writeHead(response, start, content.length, behaviour.withoutLength ?? false)
    if (isFirst && behaviour.cutFirstAnswerAt !== undefined) {
      response.write(body.subarray(0, behaviour.cutFirstAnswerAt), () => response.destroy())
    } else if (behaviour.stallAt !== undefined) {
      response.write(body.subarray(0, behaviour.stallAt))
    } else {
      response.end(body)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/cifar-10-binary.tar.gz`,
    ranges,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function writeHead(
  response: ServerResponse,
  start: number,
  totalBytes: number,
  withoutLength: boolean,
): void {
  const length = withoutLength ? {} : { 'content-length': totalBytes - start }
  if (start === 0) response.writeHead(200, length)
  else
    response.writeHead(206, { ...length, 'content-range': `bytes ${start}-${totalBytes - 1}/${totalBytes}` })
}
