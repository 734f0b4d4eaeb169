import type { Stats } from 'node:fs'

/** How much of a file's beginning tells its kind: a tar archive says so late. */
export const tellingBytes = 512

const signatures: readonly { at?: number; bytes: readonly number[]; what: string }[] = [
  { bytes: [0x1f, 0x8b], what: 'it is compressed (gzip, as in .gz and .tar.gz): unpack it first' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'it is a ZIP archive: unpack it first' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'it is compressed (zstd): unpack it first' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'it is compressed (xz): unpack it first' },
  { bytes: [0x42, 0x5a, 0x68], what: 'it is compressed (bzip2): unpack it first' },
  { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72], what: 'it is a tar archive: unpack it first' },
  { bytes: [0xff, 0xfe], what: 'it is UTF-16 text: save it as UTF-8' },
  { bytes: [0xfe, 0xff], what: 'it is UTF-16 text: save it as UTF-8' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'it is a PDF' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'it is a picture (PNG)' },
  { bytes: [0xff, 0xd8, 0xff], what: 'it is a picture (JPEG)' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'it is a program' },
]

/** What a file is that is not text in UTF-8, by how it begins, for people; null where nothing says that it is not. */
export function kindByBytes(head: Uint8Array): string | null {
  const known = signatures.find(({ at = 0, bytes }) =>
    bytes.every((byte, index) => head[at + index] === byte),
  )
  if (known !== undefined) return known.what
  if (isUnmarkedUtf16(head)) return 'it is UTF-16 text: save it as UTF-8'
  return head.includes(0) ? 'it is not text' : null
}

/** Of plain characters, every other byte is 0. */
function isUnmarkedUtf16(head: Uint8Array): boolean {
  const some = head.subarray(0, 8)
  const zerosAt = (parity: number) => some.every((byte, index) => (byte === 0) === (index % 2 === parity))
  return some.length > 1 && (zerosAt(0) || zerosAt(1))
}

/** What there is at a path instead of a file, for people; null for an ordinary file. */
export function kindByStats(stats: Stats): string | null {
  if (stats.isFile()) return null
  if (stats.isDirectory()) return 'it is a folder'
  if (stats.isFIFO()) return 'it is a named pipe, not a file'
  if (stats.isSocket()) return 'it is a socket, not a file'
  return 'it is a device, not a file'
}
