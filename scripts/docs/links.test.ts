import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headingAnchors, readDocument, repositoryFiles, root, withoutCode } from './documents.js'

const files = repositoryFiles()
const documents = files.filter((file) => file.endsWith('.md') && existsSync(root + file))

/** The relative links and pictures of a document that lead nowhere. */
function deadLinks(document: string): string[] {
  const markdown = withoutCode(readDocument(document))
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? document : normalize(join(dirname(document), path))
    if (!files.some((known) => known === file || known.startsWith(`${file.replace(/\/$/, '')}/`))) return true
    return anchor !== undefined && !headingAnchors(readDocument(file)).includes(anchor)
  })
}

describe('the documents', () => {
  it('link to what is there', () => {
    const dead = Object.fromEntries(
      documents.map((document) => [document, deadLinks(document)]).filter(([, links]) => links?.length),
    )
    expect(dead).toEqual({})
  })

  it('of the guide can all be reached from the README', () => {
    const readme = readDocument('README.md')
    const guides = documents.filter((document) => document.startsWith('docs/guide/'))
    expect(guides.filter((guide) => !readme.includes(`](${guide}`))).toEqual([])
  })

  it('name files that are there', () => {
    const architecture = readDocument('docs/architecture.md')
    const named = new Set(architecture.match(/(?<![\w.*/-])\w[\w.-]*(?:\/[\w.-]+)*\.(?:tsx?|[mc]js|py)\b/g))
    const lost = [...named].filter(
      (name) => !files.some((file) => file === name || file.endsWith(`/${name}`)),
    )
    // What a build makes is in no repository, and `x.test.ts` stands for any test.
    expect(lost.filter((name) => !name.startsWith('out/') && name !== 'x.test.ts')).toEqual([])
  })

  it('leave the README short enough to be read', () => {
    expect(readDocument('README.md').split('\n').length).toBeLessThanOrEqual(200)
  })
})
