import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findElectron } from './electron-binary.js'
import { type ElectronRelease, publishElectron } from './electron-release.fixture.js'
import { fetchElectron } from './fetch-electron.js'

/* Electron's own packages fetch, check and unpack here; only the release is made up, and comes from this machine. */

let release: ElectronRelease | null = null
let temporary: string

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'tandem-fetch-'))
  // What is half done lies there: of this test alone.
  for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, temporary)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await release?.remove()
  release = null
  const left = readdirSync(temporary)
  rmSync(temporary, { recursive: true })
  expect(left).toEqual([])
})

async function publish(
  answer?: (response: ServerResponse, zip: Buffer) => void,
  patience: { stallMs?: number } = {},
) {
  const published = await publishElectron(answer)
  release = published
  // The packages read the environment of their process.
  for (const [name, value] of Object.entries(published.environment)) vi.stubEnv(name, value)
  const { packageDirectory } = published
  const status: string[] = []
  const controller = new AbortController()
  const fetch = () =>
    fetchElectron({
      packageDirectory,
      environment: process.env,
      signal: controller.signal,
      onStatus: (text) => status.push(text),
      ...patience,
    })
  const find = () =>
    findElectron({
      packageDirectory,
      environment: { TANDEM_CACHE_DIR: packageDirectory },
      platform: process.platform,
    })
  return { ...published, fetch, find, status, stop: () => controller.abort() }
}

describe('fetching Electron', () => {
  it('puts its program where the package looks for it, and tells how far it is', async () => {
    const { fetch, find, status, requests } = await publish()
    expect(await find()).toEqual({ status: 'missing' })
    await fetch()

    expect(await find()).toMatchObject({ status: 'installed' })
    expect(requests).toEqual([`/v99.1.0/electron-v99.1.0-${process.platform}-${process.arch}.zip`])
    expect(status[0]).toBe('Downloading Electron 99.1.0')
    expect(status.at(-2)).toMatch(/^Downloading Electron 99\.1\.0: .* of .* \(100\.0 %\)$/)
    expect(status.at(-1)).toBe('Unpacking Electron')
  })

  it('takes what was fetched before', async () => {
    const { fetch, requests } = await publish()
    await fetch()
    await fetch()

    expect(requests).toHaveLength(1)
  })

  it('gives up when no bytes come any more', async () => {
    const { fetch, find } = await publish((response, zip) => response.write(zip.subarray(0, 100)), {
      stallMs: 1_000,
    })

    await expect(fetch()).rejects.toMatchObject({
      code: 'electron-not-fetched',
      message: 'no bytes came for 1 s',
    })
    expect(await find()).toEqual({ status: 'missing' })
  })

  it('gives up when nothing comes at all', async () => {
    const { fetch } = await publish(() => {}, { stallMs: 1_000 })

    await expect(fetch()).rejects.toMatchObject({ message: 'no bytes came for 1 s' })
  })

  it('goes on as long as bytes come, however slowly', async () => {
    const sendSlowly = async (response: ServerResponse, zip: Buffer) => {
      const parts = 6
      for (let part = 0; part < parts; part++) {
        response.write(zip.subarray((part * zip.length) / parts, ((part + 1) * zip.length) / parts))
        await new Promise((resolve) => setTimeout(resolve, 400))
      }
      response.end()
    }
    const { fetch, find } = await publish(sendSlowly, { stallMs: 2_000 })
    await fetch()

    expect(await find()).toMatchObject({ status: 'installed' })
  })

  it('refuses other bytes than those that were released', async () => {
    const { fetch, find, packageDirectory } = await publish((response, zip) =>
      response.end(zip.fill(7, 40, 60)),
    )

    await expect(fetch()).rejects.toMatchObject({
      code: 'electron-not-fetched',
      message: expect.stringMatching(/checksum/i),
    })
    expect(await find()).toEqual({ status: 'missing' })
    expect(existsSync(join(packageDirectory, 'dist'))).toBe(false)
  })

  it('names what the server answers', async () => {
    const { fetch } = await publish((response) => response.writeHead(404).end())

    await expect(fetch()).rejects.toMatchObject({ message: expect.stringMatching(/404/) })
  })

  it('names why there is no connection', async () => {
    const { fetch } = await publish()
    vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:9/')

    await expect(fetch()).rejects.toMatchObject({ message: expect.stringMatching(/bad port|ECONNREFUSED/) })
  })

  it('stops at once when that is asked for', async () => {
    const { fetch, stop } = await publish((response, zip) => response.write(zip.subarray(0, 100)))
    const fetching = fetch()
    setTimeout(stop, 200)

    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' })
  })
})
