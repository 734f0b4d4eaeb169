import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readLink, readOpenRequests } from './open-request.js'

const folder = resolve('/measured here')
const runId = '20260131-142530-9f3a1c'

describe('what arguments ask to open', () => {
  it('takes documents by their names, from where the program was started', () => {
    const args = ['/opt/tandem/tandem', '--no-run', 'results.json', 'before.TANDEM', 'train.py']

    expect(readOpenRequests(args, folder)).toEqual(
      ['results.json', 'before.TANDEM', 'train.py'].map((name) => ({
        kind: 'file',
        path: resolve(folder, name),
      })),
    )
  })

  it('takes addresses of files, as file managers hand them over', () => {
    const path = resolve('/measured there/ré sults.json')

    expect(readOpenRequests([pathToFileURL(path).href], folder)).toEqual([{ kind: 'file', path }])
  })

  it('looks at nothing else: switches, the app’s own folder, files of other kinds, other links', () => {
    const args = [
      'electron',
      '.',
      '--user-data-dir=a.json',
      'picture.png',
      'https://example.org/a.json?x',
      'file:a%',
    ]

    expect(readOpenRequests(args, folder).filter(({ kind }) => kind === 'run')).toEqual([])
    expect(readOpenRequests(args.slice(0, 4), folder)).toEqual([])
  })

  it('opens a run by its link, and by nothing that only looks like one', () => {
    expect(readLink(`tandem://run/${runId}`)).toEqual({ kind: 'run', runId })
    for (const link of [
      `tandem://run/${runId}/..`,
      'tandem://run/../../etc',
      `tandem://start/${runId}`,
      `tandem://run/${runId}?start`,
      `https://run/${runId}`,
      'tandem:',
      'no link',
    ])
      expect(readLink(link), link).toBeNull()
  })
})
