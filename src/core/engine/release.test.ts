import { describe, expect, it } from 'vitest'
import { engineRelease, engineVersion, isSupportedVersion, type Platform } from './release.js'

const sha256 = /^[0-9a-f]{64}$/
const linux = (architecture: string): Platform => ({ system: 'linux', architecture, cLibrary: 'glibc' })

describe('engineRelease', () => {
  it('is the small package on Linux x64, and the one with CUDA on request', () => {
    expect(engineRelease(linux('x64'), 'cpu')).toMatchObject({
      packages: [{ name: 'tensorflow-cpu', version: engineVersion, sha256: expect.stringMatching(sha256) }],
      wheelPlatforms: expect.arrayContaining(['manylinux_2_27_x86_64', 'manylinux2014_x86_64']),
    })
    const withCuda = engineRelease(linux('x64'), 'cuda').packages.map(({ name }) => name)
    expect(withCuda).toEqual(expect.arrayContaining(['tensorflow', 'nvidia-cudnn-cu12', 'nvidia-nccl-cu12']))
    // Neither numpy nor any other package that only Python would load.
    expect(withCuda.filter((name) => !/^(tensorflow|nvidia-.*-cu12)$/.test(name))).toEqual([])
  })

  it('is the plain package on arm64', () => {
    const mac: Platform = { system: 'darwin', architecture: 'arm64', cLibrary: 'system' }
    expect(engineRelease(mac, 'cpu')).toMatchObject({
      packages: [{ name: 'tensorflow', version: engineVersion, sha256: expect.stringMatching(sha256) }],
      wheelPlatforms: ['macosx_12_0_arm64'],
    })
    expect(engineRelease(linux('arm64'), 'cpu').wheelPlatforms).toContain('manylinux_2_27_aarch64')
  })

  it.each<[string, Platform, 'cpu' | 'cuda']>([
    ['Windows', { system: 'win32', architecture: 'x64', cLibrary: 'system' }, 'cpu'],
    ['an Intel Mac', { system: 'darwin', architecture: 'x64', cLibrary: 'system' }, 'cpu'],
    ['Linux with musl', { ...linux('x64'), cLibrary: 'other' }, 'cpu'],
    ['CUDA on arm64', linux('arm64'), 'cuda'],
  ])('does not exist for %s', (_name, platform, flavour) => {
    expect(() => engineRelease(platform, flavour)).toThrow(
      expect.objectContaining({ code: 'engine-unsupported-platform' }),
    )
  })
})

describe('isSupportedVersion', () => {
  it.each(['2.21.0', '2.21.3'])('takes %s', (version) => expect(isSupportedVersion(version)).toBe(true))
  it.each(['2.20.0', '2.22.0', '1.15.5', '2.21.0rc1', '2.210.0', ''])('does not take %j', (version) =>
    expect(isSupportedVersion(version)).toBe(false),
  )
})
