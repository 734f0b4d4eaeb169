import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtPage } from '../core/page/page-files.js'
import { servePage } from './page-protocol.js'

let folder: string
let serve: ReturnType<typeof servePage>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-page-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<p>the page</p>')
  await writeFile(join(folder, 'page', 'assets', 'a b.js'), 'the script')
  await writeFile(join(folder, 'page', 'notes.txt'), 'no part of the page')
  await writeFile(join(folder, 'secret.html'), 'outside')
  await mkdir(join(folder, 'page-two'))
  await writeFile(join(folder, 'page-two', 'index.html'), 'a neighbour')
  serve = servePage(builtPage(join(folder, 'page')))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the page’s protocol', () => {
  it('serves the page with a policy that allows only its own files', async () => {
    const response = await serve(new Request('app://tandem/index.html'))

    expect(response.status).toBe(200)
    expect(await response.text()).toBe('<p>the page</p>')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
  })

  it('decodes names', async () => {
    const response = await serve(new Request('app://tandem/assets/a%20b.js'))

    expect(await response.text()).toBe('the script')
  })

  it.each([
    ['app://tandem/..%2fsecret.html', 403],
    ['app://tandem/..%2f..%2fsecret.html', 403],
    ['app://tandem/assets/..%2f..%2fpage-two%2findex.html', 403],
    ['app://elsewhere/index.html', 404],
    ['app://tandem/missing.html', 404],
    ['app://tandem/assets', 404],
    ['app://tandem/notes.txt', 404],
    ['app://tandem/%00.html', 400],
    ['app://tandem/%E0%A4%A.html', 400],
  ])('answers %s with %i', async (url, status) => {
    const response = await serve(new Request(url))

    expect(response.status).toBe(status)
    expect(await response.text()).toBe('')
  })

  it('takes nothing but GET', async () => {
    const response = await serve(new Request('app://tandem/index.html', { method: 'POST' }))

    expect(response.status).toBe(405)
  })
})
