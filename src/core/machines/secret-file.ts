import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { systemErrorCode } from '../../shared/system-error.js'

const secretBytes = 32
/** 64 digits and a line's end; room for one more. */
const longestFileBytes = 80

/**
 * Makes a file with a new secret that only its owner can read, and returns its path. Throws `secret-not-written`, also
 * where there is one already: machines that know the old one would be locked out.
 */
export async function makeSecretFile(path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    const file = await open(absolute, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(secretBytes).toString('hex')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return absolute
  } catch (cause) {
    const isThere = systemErrorCode(cause) === 'EEXIST'
    throw new TandemError(
      {
        code: 'secret-not-written',
        message: isThere
          ? `${absolute} is there already`
          : `${absolute} could not be written: ${textOf(cause)}`,
        hint: isThere ? 'Use it, or name another file.' : 'Name a file in a folder of yours.',
      },
      { cause },
    )
  }
}

/**
 * The secret of a file that `makeSecretFile` made, here or on another machine. Throws `secret-unreadable`,
 * `secret-exposed` for a file that others can read or change, and `secret-invalid`.
 */
export async function readSecretFile(path: string): Promise<Buffer> {
  const absolute = resolve(path)
  const file = await open(absolute, constants.O_RDONLY).catch((cause: unknown) => {
    throw new TandemError(
      {
        code: 'secret-unreadable',
        message: `--rdzv-secret-file ${absolute}: ${textOf(cause)}`,
        hint: 'Make one with `tandem agent secret FILE`, and copy it to every machine.',
      },
      { cause },
    )
  })
  try {
    const stats = await file.stat()
    if (process.platform !== 'win32' && isExposed(stats)) throw exposed(absolute, stats)
    const isFile = stats.isFile() && stats.size <= longestFileBytes
    const text = isFile ? (await file.readFile('utf8')).trim() : ''
    if (!/^[0-9a-f]{64}$/i.test(text)) throw invalid(absolute)
    return Buffer.from(text, 'hex')
  } finally {
    await file.close()
  }
}

/**
 * Whether anybody but this user and root can read or change it. A group may read what root owns: so Kubernetes mounts a
 * secret for a container that runs as somebody else.
 */
function isExposed({ mode, uid }: Stats): boolean {
  const groupMayRead = uid === 0 && process.getuid?.() !== 0
  const isForeign = uid !== 0 && uid !== process.getuid?.()
  return isForeign || (mode & (groupMayRead ? 0o037 : 0o077)) !== 0
}

function exposed(path: string, { mode }: Stats): TandemError {
  return new TandemError({
    code: 'secret-exposed',
    message: `--rdzv-secret-file ${path} can be read or changed by others (mode ${(mode & 0o777).toString(8)})`,
    hint: `Only its owner may: chmod 600 ${path}`,
  })
}

function invalid(path: string): TandemError {
  return new TandemError({
    code: 'secret-invalid',
    message: `--rdzv-secret-file ${path} holds no secret: 64 hexadecimal digits`,
    hint: 'Make one with `tandem agent secret FILE`.',
  })
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
