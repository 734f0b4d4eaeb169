import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newerRelease } from './newer-release.js'

let server: Server
let answer: string
let asked: number
beforeEach(async () => {
  asked = 0
  server = createServer((_request, response) => {
    asked++
    response.end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => server.close())

const link = 'https://example.org/tandem/0.10.0'
const describing = (tag_name: string, html_url = link): string => JSON.stringify({ tag_name, html_url })

async function ask(own: string): Promise<unknown> {
  const { port } = server.address() as AddressInfo
  return await newerRelease({ TANDEM_RELEASES: `http://127.0.0.1:${port}/latest` }, own)
}

describe('a newer release', () => {
  it('is not asked for unless somebody names where', async () => {
    answer = describing('v9.9.9')
    expect(await newerRelease({}, '0.1.0')).toBeNull()
    expect(asked).toBe(0)
  })

  it('is one with a higher number, counted and not spelt', async () => {
    answer = describing('v0.10.0')
    expect(await ask('0.9.3')).toEqual({ version: '0.10.0', link })
    expect(await ask('0.10.0')).toBeNull()
    expect(await ask('1.0.0')).toBeNull()
  })

  it.each([
    ['no JSON', 'soon'],
    ['another document', '[]'],
    ['a version that is none', describing('nightly')],
    ['a link that leads elsewhere than the web', describing('v9.9.9', 'file:///etc/passwd')],
    ['a link without encryption', describing('v9.9.9', 'http://example.org/')],
    ['a link with lines of its own', describing('v9.9.9', 'https://example.org/\nsudo rm')],
    ['more than anybody reads', `${describing('v9.9.9')}${' '.repeat(300 * 1024)}`],
  ])('is nothing where the answer is %s', async (_what, text) => {
    answer = text
    expect(await ask('0.1.0')).toBeNull()
    expect(asked).toBe(1)
  })

  it('is nothing where nobody answers', async () => {
    expect(await newerRelease({ TANDEM_RELEASES: 'http://127.0.0.1:9/' }, '0.1.0')).toBeNull()
    expect(await newerRelease({ TANDEM_RELEASES: 'not an address' }, '0.1.0')).toBeNull()
  })
})
