import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { App } from './app.js'
import { readResults } from './read-results.js'
import { resultsExample } from './results.fixture.js'

/** The page with a file open, as text of HTML. */
function pageWith(document: unknown): string {
  const initial = readResults('my-results.json', JSON.stringify(document))
  return renderToStaticMarkup(<App versions={null} initial={initial} />)
}

describe('the page', () => {
  it('says at first what to open and how to make it', () => {
    const html = renderToStaticMarkup(<App versions={null} />)

    expect(html).toContain('<input type="file"')
    expect(html).toContain('npx tandem run --preset quick')
  })

  it('shows each strategy with its figures, and N/A with the reason where it was skipped', () => {
    const html = pageWith(resultsExample)

    expect(html).toMatch(/Single<\/th><td>1<\/td><td>11\.000 s<\/td><td>90\.9 images\/s<\/td><td>N\/A/)
    expect(html).toMatch(/DDP<\/th><td>1<\/td><td>5\.500 s<\/td><td>182 images\/s<\/td><td>2\.00x<\/td>/)
    expect(html).toMatch(
      /DP<small>DataParallel needs at least 2 devices[^<]*<\/small><\/th><td>1<\/td><td>N\/A/,
    )
  })

  it('says so where no epoch was finished', () => {
    const measurements = resultsExample.measurements.filter(({ id }) => id === 'dp')

    expect(pageWith({ ...resultsExample, measurements })).toContain('No epoch was finished')
  })

  it('marks a run that did not end', () => {
    expect(pageWith({ ...resultsExample, status: 'incomplete' })).toContain('This run is incomplete')
    expect(pageWith(resultsExample)).not.toContain('This run is')
  })

  it('says what is wrong with a bad file, by name', () => {
    const html = pageWith({ format: 'tandem-results', version: 99 })

    expect(html).toContain('role="alert"')
    expect(html).toContain('my-results.json cannot be shown')
    expect(html).toContain('version 99')
  })

  it('names the versions of the desktop app it runs in', () => {
    const versions = { electron: '45.4.1', chromium: '152.0', node: '24.18.1' }

    expect(renderToStaticMarkup(<App versions={versions} />)).toContain('Electron 45.4.1')
  })
})
