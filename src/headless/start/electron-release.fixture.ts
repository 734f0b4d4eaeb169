import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const version = '99.1.0'

export interface ElectronRelease {
  packageDirectory: string
  /** For `@electron/get` and Electron's install.js: where releases are, and where they are kept. */
  environment: Record<string, string>
  zip: Buffer
  /** Paths that were asked for. */
  requests: string[]
  remove(): Promise<void>
}

/**
 * A release of a made-up Electron: the package as npm leaves it, with Electron's own install.js, and a server with
 * the archive that belongs to it. `answer` sends something else.
 */
export async function publishElectron(
  answer: (response: ServerResponse, zip: Buffer) => void = (response, zip) => response.end(zip),
): Promise<ElectronRelease> {
  const folder = await makeFolder()
  const packageDirectory = join(folder, 'electron')
  const program = {
    linux: 'electron',
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }[process.platform as 'linux']
  const zip = zipOf({ version, [program]: '#!/bin/sh\necho a made-up Electron\n' })
  const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`
  const checksums = { [archive]: createHash('sha256').update(zip).digest('hex') }
  await mkdir(packageDirectory)
  await writeFile(join(packageDirectory, 'package.json'), JSON.stringify({ name: 'electron', version }))
  await writeFile(join(packageDirectory, 'checksums.json'), JSON.stringify(checksums))
  await copyFile(join(modules, 'electron', 'install.js'), join(packageDirectory, 'install.js'))

  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.setHeader('content-length', zip.length)
    answer(response, zip)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    packageDirectory,
    environment: {
      ELECTRON_MIRROR: `http://127.0.0.1:${port}/`,
      electron_config_cache: join(folder, 'cache'),
    },
    zip,
    requests,
    async remove() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

/** Where the packages that install.js needs can be found from. */
async function makeFolder(): Promise<string> {
  const cache = join(modules, '.cache')
  await mkdir(cache, { recursive: true })
  return await mkdtemp(join(cache, 'tandem-electron-'))
}

/** A zip archive of executable files, not compressed (APPNOTE.TXT, version 2.0). */
function zipOf(files: Record<string, string>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content])
    const end = Buffer.alloc(14)
    end.writeUInt32LE((0o100755 << 16) >>> 0, 6)
    end.writeUInt32LE(offset, 10)
    // Made on Unix, so that the files' modes count.
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, end, Buffer.from(name)]))
    local.push(entry)
    offset += entry.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
