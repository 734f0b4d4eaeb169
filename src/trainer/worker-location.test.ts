import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { locateWorker } from './worker-location.js'

describe('locateWorker', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-location-'))
    await mkdir(join(directory, 'chunks'))
  })

  afterEach(() => rm(directory, { recursive: true }))

  it.each(['trainer.js', 'chunks/loader-1a2b3c.js'])('finds the worker from %s', async (module) => {
    const worker = join(directory, 'data-worker.js')
    await writeFile(worker, '')
    const from = pathToFileURL(join(directory, module)).href
    expect(locateWorker('data-worker.js', from).href).toBe(pathToFileURL(worker).href)
  })

  it('asks for a build where there is none', () => {
    const from = pathToFileURL(join(directory, 'trainer.js')).href
    expect(() => locateWorker('data-worker.js', from)).toThrow(/data-worker\.js is missing/)
  })
})
