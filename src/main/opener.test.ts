import { describe, expect, it } from 'vitest'
import { TandemError } from '../shared/errors.js'
import { createOpener } from './opener.js'

const runId = '20260131-142530-9f3a1c'

function opener({ known = [runId] }: { known?: string[] } = {}) {
  const shown: string[] = []
  const explained: string[] = []
  const created = createOpener({
    async importDocument(path) {
      if (path.includes('broken')) throw new TandemError({ code: 'results-invalid', message: 'no', hint: '' })
      return runId
    },
    async findRun(asked) {
      if (!known.includes(asked)) throw new TandemError({ code: 'run-missing', message: 'no', hint: '' })
    },
    show: (path) => void shown.push(path),
    explain: (what, { code }) => void explained.push(`${what} ${code}`),
  })
  return { ...created, shown, explained }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('what the system asks to open', () => {
  it('waits for the page, and is then shown in order', async () => {
    const { open, pageIsThere, shown } = opener()
    open({ kind: 'file', path: '/a/results.json' })
    open({ kind: 'run', runId })
    await settle()
    expect(shown).toEqual([])

    pageIsThere()
    await settle()
    expect(shown).toEqual([`/results/${runId}`, `/results/${runId}`])
  })

  it('is explained where it cannot be opened, and keeps nothing else from being', async () => {
    const { open, pageIsThere, shown, explained } = opener({ known: [] })
    pageIsThere()
    open({ kind: 'file', path: '/a/broken.json' })
    open({ kind: 'run', runId })
    open({ kind: 'file', path: '/a/results.json' })
    await settle()

    expect(explained).toEqual([
      'broken.json was not opened. results-invalid',
      'The link was not opened. run-missing',
    ])
    expect(shown).toEqual([`/results/${runId}`])
  })
})
