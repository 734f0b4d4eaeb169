import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TandemError } from '../../shared/errors.js'
import { readTextFile, type TextFileLimits } from './read-text-file.js'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-read-'))
  path = join(folder, 'file')
})
afterEach(() => rm(folder, { recursive: true }))

const limits: TextFileLimits = {
  longestBytes: 1024 * 1024,
  refuse: (why) => new TandemError({ code: 'refused', message: why, hint: '' }),
}
const read = (changes: Partial<TextFileLimits> = {}) => readTextFile(path, { ...limits, ...changes })

describe('a file', () => {
  it.each([
    ['as it is', '{"ä":1}'],
    ['without its byte-order mark', '\ufeff{"ä":1}'],
  ])('is read %s', async (_how, text) => {
    await writeFile(path, text)
    expect(await read()).toBe('{"ä":1}')
  })

  it('is read through a link', async () => {
    await writeFile(path, '{}')
    await symlink(path, `${path}-link`)
    expect(await readTextFile(`${path}-link`, limits)).toBe('{}')
  })

  const utf16 = Buffer.from('{"a":1}', 'utf16le')
  it.each([
    ['empty', Buffer.alloc(0), 'it is empty'],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'it is UTF-16 text: save it as UTF-8'],
    ['UTF-16 without a mark', utf16, 'it is UTF-16 text: save it as UTF-8'],
    ['the same, the other way round', Buffer.from(utf16).swap16(), 'it is UTF-16 text: save it as UTF-8'],
    ['compressed', gzipSync('{}'), /^it is compressed \(gzip/],
    ['a ZIP archive', Buffer.from('PK\u0003\u0004 and more'), 'it is a ZIP archive: unpack it first'],
    ['Latin-1', Buffer.from('{"ä":1}', 'latin1'), 'it is not text in UTF-8'],
    ['no text', Buffer.from('RIFF\0\0\0\0 what'), 'it is not text'],
  ])('that is %s is called by its name', async (_what, content, message) => {
    await writeFile(path, content)
    await expect(read()).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(message) })
  })

  it('that is too large is not read', async () => {
    await writeFile(path, ' '.repeat(512))
    await truncate(path, 600 * 1024 * 1024)
    await expect(read()).rejects.toThrow('it has 600.0 MiB; 1.0 MiB are read at most')
  })

  it('is read no further once the signal has fired', async () => {
    await writeFile(path, '{}')
    const reason = new Error('enough')
    await expect(read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('what is no file', () => {
  it('is called by its name', async () => {
    await expect(read()).rejects.toThrow('it does not exist')
    await mkdir(path)
    await expect(read()).rejects.toThrow('it is a folder')
    path = join(folder, 'a')
    await symlink('b', path)
    await symlink('a', join(folder, 'b'))
    await expect(read()).rejects.toThrow('its links lead in a circle')
    path = join(folder, 'a-file')
    await writeFile(path, '')
    path = join(path, 'below')
    await expect(read()).rejects.toThrow('a part of its path is not a folder')
  })

  it.skipIf(process.platform === 'win32')('is never waited for', async () => {
    execFileSync('mkfifo', [path])
    await expect(read()).rejects.toThrow('it is a named pipe, not a file')
    await expect(readTextFile('/dev/zero', limits)).rejects.toThrow('it is a device, not a file')
    path = join(folder, 's')
    const server = createServer().listen(path)
    await once(server, 'listening')
    await expect(read()).rejects.toThrow('it is a socket')
    server.close()
  })
})

describe.skipIf(process.platform !== 'linux')('a pipe that was handed over, as by <(...) of a shell', () => {
  /** Both ends of a pipe, the reading one by the name that a shell gives it. */
  function openPipe() {
    execFileSync('mkfifo', [path])
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(path, constants.O_WRONLY)
    return { reader, writer, name: `/dev/fd/${reader}` }
  }

  it('is read to its end', async () => {
    const { reader, writer, name } = openPipe()
    const reading = readTextFile(name, limits)
    writeSync(writer, '{"a"')
    writeSync(writer, ':1}')
    closeSync(writer)
    expect(await reading).toBe('{"a":1}')
    closeSync(reader)
  })

  it('is given up when the signal fires, whoever still holds its other end', async () => {
    const { reader, writer, name } = openPipe()
    const controller = new AbortController()
    const reading = readTextFile(name, { ...limits, signal: controller.signal })
    writeSync(writer, '{"a"')
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    closeSync(writer)
    closeSync(reader)
  })

  it('is read no further than a file would be', async () => {
    const { reader, writer, name } = openPipe()
    const reading = readTextFile(name, { ...limits, longestBytes: 10 })
    writeSync(writer, '{"a":1,"b":2}')
    await expect(reading).rejects.toThrow('it has 13 B; 10 B are read at most')
    closeSync(writer)
    closeSync(reader)
  })
})
