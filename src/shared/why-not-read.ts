import { systemErrorCode } from './system-error.js'

/** What a file system's error says of an attempt to read, for people. */
export function whyNotRead(error: unknown): string {
  const code = systemErrorCode(error)
  switch (code) {
    case 'ENOENT':
      return 'it does not exist'
    case 'ENOTDIR':
      return 'a part of its path is not a folder'
    case 'EACCES':
    case 'EPERM':
      return 'you may not read it'
    case 'EISDIR':
      return 'it is a folder'
    case 'ELOOP':
      return 'its links lead in a circle'
    case 'ENAMETOOLONG':
      return 'its name is too long'
    case 'ENXIO':
      return 'it is a socket or a device, not a file'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open'
    case 'EIO':
    case 'ESTALE':
      return `the disk does not work, or is gone (${code})`
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
