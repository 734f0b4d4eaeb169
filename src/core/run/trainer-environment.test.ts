import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { trainerEnvironment } from './trainer-environment.js'

/** glibc's loader, which tells from 2.35 on how its tunables are set. */
const loader = `/lib64/ld-linux-${process.arch === 'x64' ? 'x86-64.so.2' : 'aarch64.so.1'}`
const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
const [, minorVersion = 0] = (report.header.glibcVersionRuntime ?? '').split('.').map(Number)

describe('the environment of a trainer', () => {
  it('is that of its host', () => {
    expect(trainerEnvironment({ HOME: '/home/someone' })).toMatchObject({ HOME: '/home/someone' })
  })

  it('leaves alone what somebody has set', () => {
    const host = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=4' }
    expect(trainerEnvironment(host)).toEqual(host)
  })

  it.runIf(existsSync(loader) && minorVersion >= 35)(
    'tells glibc to keep its memory, in words that glibc understands',
    () => {
      const settings = execFileSync(loader, ['--list-tunables'], {
        env: trainerEnvironment({}) as Record<string, string>,
        encoding: 'utf8',
      })
      expect(settings).toMatch(/glibc\.malloc\.arena_max: 0x1 /)
      expect(settings).toMatch(/glibc\.malloc\.hugetlb: 0x1 /)
      expect(settings).toMatch(/glibc\.malloc\.mmap_threshold: 0x100000000 /)
      expect(settings).toMatch(/glibc\.malloc\.trim_threshold: 0x200000000 /)
      expect(settings).toMatch(/glibc\.malloc\.top_pad: 0x4000000 /)
    },
  )
})
