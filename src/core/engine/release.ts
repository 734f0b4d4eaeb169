import { TandemError } from '../../shared/errors.js'
import locked from './locked-packages.json' with { type: 'json' }

/** The TensorFlow release that Tandem installs; its tests run on this one. */
export const engineVersion = '2.21.0'

/** `cuda`: built with CUDA and with the CUDA libraries beside it. */
export type EngineFlavour = 'cpu' | 'cuda'

export interface Platform {
  system: NodeJS.Platform
  architecture: string
  /** `other` is a C library, such as Alpine's musl, that no TensorFlow wheel is built for. */
  cLibrary: 'glibc' | 'system' | 'other'
}

/** A wheel as it was published; `scripts/lock-engine.mjs` writes them down. */
export interface LockedPackage {
  name: string
  version: string
  /** Of the whole wheel, in lower-case hexadecimal. */
  sha256: string
}

/** What is to be installed, in the words of a Python installer. */
export interface EngineRelease {
  flavour: EngineFlavour
  /** Only libraries are wanted: TensorFlow's, and with CUDA NVIDIA's. Python dependencies stay away. */
  packages: readonly LockedPackage[]
  /** Accepted wheel platforms, best first. */
  wheelPlatforms: string[]
  /** The same for uv, which takes a single name and works out the compatible ones itself. */
  uvPlatform: string
  /** Free disk space that the download and the unpacking need together. */
  neededBytes: number
}

const gigabyte = 1e9

/** Any 2.21 release: the C API's experimental part, which the runtime uses, may change between minor versions. */
export function isSupportedVersion(version: string): boolean {
  return /^2\.21\.\d+$/.test(version)
}

/** File names of the two libraries, in the order in which they must be loaded. */
export function libraryNames(system: NodeJS.Platform): readonly [framework: string, cc: string] {
  return system === 'darwin'
    ? ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib']
    : ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2']
}

/**
 * The release for a platform. Throws `engine-unsupported-platform` where there is none, naming what there
 * is instead.
 */
export function engineRelease(platform: Platform, flavour: EngineFlavour): EngineRelease {
  const name = `${platform.system} ${platform.architecture}`
  const isLinux = platform.system === 'linux'
  if (isLinux && platform.cLibrary !== 'glibc') {
    throw unsupported(`TensorFlow needs the GNU C library, which this ${name} system does not use`)
  }
  if (flavour === 'cuda' && name !== 'linux x64') {
    throw unsupported(`TensorFlow with CUDA exists for Linux x64, not for ${name}`)
  }
  switch (name) {
    case 'linux x64':
      return {
        flavour,
        packages: locked[flavour === 'cuda' ? 'linux x64 cuda' : 'linux x64 cpu'],
        wheelPlatforms: linuxWheelPlatforms('x86_64'),
        uvPlatform: 'x86_64-manylinux_2_28',
        neededBytes: flavour === 'cuda' ? 12 * gigabyte : 1.7 * gigabyte,
      }
    case 'linux arm64':
      return {
        flavour,
        packages: locked['linux arm64 cpu'],
        wheelPlatforms: linuxWheelPlatforms('aarch64'),
        uvPlatform: 'aarch64-manylinux_2_28',
        neededBytes: 1.7 * gigabyte,
      }
    case 'darwin arm64':
      return {
        flavour,
        packages: locked['darwin arm64 cpu'],
        wheelPlatforms: ['macosx_12_0_arm64'],
        uvPlatform: 'aarch64-apple-darwin',
        neededBytes: 1.7 * gigabyte,
      }
    default:
      throw unsupported(`no TensorFlow library for ${name} is published as a package`)
  }
}

/**
 * pip takes wheel platforms literally and does not work out that an older one fits too, so all are listed.
 * 2.28 is the oldest C library that Node 20 itself runs on.
 */
function linuxWheelPlatforms(machine: string): string[] {
  const versioned = Array.from({ length: 28 - 5 + 1 }, (_, older) => `manylinux_2_${28 - older}_${machine}`)
  return [...versioned, `manylinux2014_${machine}`]
}

function unsupported(message: string): TandemError {
  return new TandemError({
    code: 'engine-unsupported-platform',
    message,
    hint: 'Tandem runs on its WebAssembly backend here (--backend wasm). On Windows, WSL2 has TensorFlow.',
  })
}
