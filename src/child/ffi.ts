import { constants } from 'node:os'
import koffi, { type LibraryHandle } from 'koffi'
import { TandemError } from '../shared/errors.js'

/**
 * The only place that opens native libraries. koffi runs C on stacks of its own, 2 MiB for plain calls and
 * 128 KiB for `.async`; TensorFlow overruns both. The sizes can only be set before the first library is
 * loaded, hence at the head of the module that loads them.
 */
const nativeStackBytes = 16 * 1024 * 1024
koffi.config({ sync_stack_size: nativeStackBytes, async_stack_size: nativeStackBytes })

export type NativeLibrary = LibraryHandle

/**
 * Opens a shared library by path or name; null means the running program itself, through which the C
 * library's functions are found whatever its file is called. `global` lends its symbols to libraries loaded
 * later (RTLD_GLOBAL).
 * @throws TandemError `library-not-loaded` with the loader's own words.
 */
export function loadLibrary(path: string | null, options: { global?: boolean } = {}): NativeLibrary {
  try {
    return koffi.load(path, { global: options.global ?? false })
  } catch (error) {
    throw libraryNotLoaded(path ?? 'the C library', error instanceof Error ? error.message : String(error))
  }
}

/** Flags of dlopen(3), which differ between the C libraries. */
const loaderFlags = {
  linux: { lazy: 0x1, global: 0x100, noDelete: 0x1000 },
  darwin: { lazy: 0x1, global: 0x8, noDelete: 0x80 },
} as const

/**
 * Opens a library with RTLD_LAZY | RTLD_GLOBAL | RTLD_NODELETE, so that it stays in memory until the process is
 * gone. TensorFlow calls few of its 190,000 imported functions: looking all of them up at once took a third of its
 * opening. Call it before `loadLibrary` for a library with threads of its own: Node unloads addons, and with
 * them what they opened, on every normal exit, and TensorFlow's threads then run in unmapped code.
 * @throws TandemError `library-not-loaded` with the loader's own words.
 */
export function retainLibrary(path: string): void {
  const flags = loaderFlags[process.platform === 'darwin' ? 'darwin' : 'linux']
  if (process.platform === 'win32') throw libraryNotLoaded(path, 'dlopen does not exist on Windows')

  const libc = loadLibrary(null)
  const dlopen = libc.func('void *dlopen(const char *path, int flags)') as DynamicLoad
  const dlerror = libc.func('const char *dlerror()') as () => string | null
  const handle = dlopen(path, flags.lazy | flags.global | flags.noDelete)
  if (handle === null) throw libraryNotLoaded(path, dlerror() ?? 'unknown reason')
}

type DynamicLoad = (path: string, flags: number) => bigint | null

/** What `errno` was after the latest native call, as its name: `ENOSPC`. */
export function lastErrorName(): string {
  return errorName(koffi.errno())
}

/** The name of an error number of this system: `ENOSPC` for 28. */
export function errorName(errorNumber: number): string {
  // By the table of this system: Node has names of its own for fewer.
  const [name = `error ${errorNumber}`] =
    Object.entries(constants.errno).find(([, number]) => number === errorNumber) ?? []
  return name
}

/** For a call of the C library that is not expected to fail. */
export function systemCallFailed(call: string, reason: string): TandemError {
  return new TandemError({
    code: 'system-call-failed',
    message: `${call} failed: ${reason}`,
    hint: 'Check the limits of this machine or container (memory, open files, seccomp profile).',
  })
}

function libraryNotLoaded(name: string, reason: string): TandemError {
  return new TandemError({
    code: 'library-not-loaded',
    message: `${name} could not be loaded: ${reason}`,
    hint: 'Check that the file exists, is complete, and was built for this operating system and processor.',
  })
}
