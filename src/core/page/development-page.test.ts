import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pageSource } from './development-page.js'

let server: Server
let origin: string

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<i nonce="STYLE-NONCE">')
    else if (request.url === '/main.tsx?t=1')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('1')
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const source = (url = origin) => pageSource('nowhere', { ELECTRON_RENDERER_URL: url })

describe('the page while it is developed', () => {
  it('comes from the development server, query and all', async () => {
    const answer = await source()('/main.tsx?t=1')
    expect(answer).toMatchObject({ status: 200, file: { headers: { 'content-type': 'text/javascript' } } })
    expect(await source()('/main.tsx')).toEqual({ status: 404 })
  })

  it('keeps its policy, and may hear of changes', async () => {
    const answer = await source()('/')
    if (answer.status !== 200) throw new Error('no page')
    const policy = answer.file.headers['content-security-policy'] as string
    const nonce = policy.match(/script-src 'self' 'nonce-([^']+)'/)?.[1]
    expect(answer.file.content).toBe(`<i nonce="${nonce}">`)
    expect(policy).toContain(`connect-src 'self' ${origin.replace('http', 'ws')};`)
    expect(policy).toMatch(/^default-src 'none'/)
  })

  it('is missing where the server is gone', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(await source()('/')).toEqual({ status: 404 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  it.each(['http://10.0.0.1:80', 'https://127.0.0.1:1', 'file:///etc', 'nonsense'])(
    'never comes from elsewhere: %s',
    (url) => {
      expect(() => source(url)).toThrow(/not a server on this machine/)
    },
  )

  it('is the built one without a server', async () => {
    expect(await pageSource('nowhere', {})('/')).toEqual({ status: 404 })
  })
})
