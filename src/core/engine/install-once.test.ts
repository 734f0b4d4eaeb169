import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installOnce } from './install-once.js'

describe('installing the engine before a run', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-install-once-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function installWithoutPython() {
    const lines: string[] = []
    const search = await installOnce(
      { engine: null, attempts: [] },
      {
        environment: { PATH: '', TANDEM_CACHE_DIR: folder },
        signal: new AbortController().signal,
        say: (line) => lines.push(line),
        onStatus: () => {},
      },
    )
    return { search, lines }
  }

  it('goes on without an engine where it cannot be installed, and says why', async () => {
    const { search, lines } = await installWithoutPython()
    expect(search.engine).toBeNull()
    expect(search.attempts.at(-1)?.reason).toMatch(/pip or uv/)
    expect(lines.at(-1)).toMatch(/TensorFlow is not installed: .*pip or uv/)
  })

  it('does not try again right after it failed', async () => {
    await installWithoutPython()
    const { search, lines } = await installWithoutPython()
    expect(lines).toEqual([])
    expect(search.attempts.at(-1)?.reason).toMatch(/failed within the last hour/)
  })

  it('rejects when it is cancelled', async () => {
    const options = {
      environment: { PATH: '', TANDEM_CACHE_DIR: folder },
      signal: AbortSignal.abort(new Error('interrupted')),
      say: () => {},
      onStatus: () => {},
    }
    await expect(installOnce({ engine: null, attempts: [] }, options)).rejects.toThrow('interrupted')
  })
})
