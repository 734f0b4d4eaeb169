import { createHash } from 'node:crypto'
import { Window } from 'happy-dom'
import { describe, expect, it } from 'vitest'
import { runSample, runStarted } from '../shared/live/live-run.fixture.js'
import { LiveRun } from '../shared/live/live-run.js'
import { type ReportSource, reportOf } from '../shared/report/report.js'
import {
  measurementOf,
  repeatedRun,
  resultsOf,
  runStartedAtMs,
} from '../shared/report/run-results.fixture.js'
import type { Results } from '../shared/results/results.js'
import { configurationOf } from '../shared/script/script-configuration.js'
import { strategyStyle } from '../shared/strategy-style.js'
import { renderReport } from './render-report.js'

async function render(results: Results, source: Partial<ReportSource> = {}): Promise<string> {
  return await renderReport(reportOf({ results, run: null, owner: null, ...source }))
}

function parse(html: string) {
  const { document } = new Window()
  document.write(html)
  return document
}

function sampledRun(): LiveRun {
  const run = LiveRun.begin(runStarted([]))
  if (run === null) throw new Error('a run begins with run-started')
  run.apply({
    type: 'telemetry',
    samples: [10.2, 10.6, 16.3].map((at) => runSample(runStartedAtMs + 1000 * at)),
  })
  return run
}

describe('a report as a file', () => {
  it('needs nothing but itself: no script, no style but its own, nothing from elsewhere', async () => {
    const html = await render(repeatedRun(3), { run: sampledRun() })
    const document = parse(html)

    expect(document.querySelectorAll('script, link, img, iframe, [style], [onload], [onclick]')).toHaveLength(
      0,
    )
    const style = document.querySelector('style')?.textContent ?? ''
    expect(style.match(/url\((?!data:)/)).toBeNull()
    expect(style).not.toContain('@import')
    expect(style).toContain('.report .answer {')
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)

    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? ''
    const hash = createHash('sha256')
      .update(/<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '')
      .digest('base64')
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; font-src data:; base-uri 'none'; form-action 'none'`,
    )
  })

  it('holds no character that no document may hold, whatever is in names', async () => {
    const control = 'a\u0000b\u001b[2J\u0085c'
    const run = repeatedRun(3)
    const html = await render({
      ...run,
      runId: control,
      machine: { ...run.machine, hostName: control, cpuModel: control, tandemVersion: control },
      notes: [control],
    })

    expect(html).not.toMatch(/(?![\n\t])\p{Cc}/u)
    expect(html).toContain('ab[2Jc')
    const hash = createHash('sha256')
      .update(/<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '')
      .digest('base64')
    expect(html).toContain(`sha256-${hash}`)
  })

  it('begins with the answer, and has its parts below each other as an outline', async () => {
    const document = parse(await render(repeatedRun(3), { run: sampledRun() }))
    expect(document.querySelectorAll('h1')).toHaveLength(1)
    expect([...document.querySelectorAll('h2')].map((heading) => heading.textContent)).toEqual([
      'How much faster?',
      'Time and efficiency',
      'Why not N times?',
      'Step by step',
      'How far could it go?',
      'How it was measured',
      'What it was measured on',
      'How to reproduce it',
      'All epochs',
    ])
    const answers = [...document.querySelectorAll('.answer')].map((answer) => answer.textContent)
    expect(answers).toHaveLength(3)
    expect(answers[2]).toMatch(
      /^1\.56x faster.*DDP on 2 CPU devices trains 1\.56x faster \(95 % 1\.5\d to 1\.5\d\)/,
    )
    expect(document.querySelector('pre')?.textContent).toBe(
      'npx --no tandem run --preset notebook --repeats 3',
    )
  })

  it('can be read without seeing it: charts have names and descriptions, tables have headers', async () => {
    const document = parse(await render(repeatedRun(2), { run: sampledRun() }))
    const charts = [...document.querySelectorAll('svg[role=img]')]
    expect(charts.map((chart) => chart.querySelector('title')?.textContent)).toEqual([
      'Speedup over Single',
      'Mean epoch time',
      'Efficiency',
      'From the ideal to the measured step of Single (all cores)',
      'From the ideal to the measured step of DP',
      'From the ideal to the measured step of DDP',
      'Time per step',
      'Loss',
      'Throughput in images per second',
      'Device utilisation',
      'Speedup by devices, a model',
    ])
    for (const chart of charts) {
      expect(chart.querySelector('desc')?.textContent).toMatch(/Single|Ideal/)
      const named = (chart.getAttribute('aria-labelledby') ?? '').split(' ')
      expect(named.map((id) => document.getElementById(id)?.tagName.toLowerCase())).toEqual(['title', 'desc'])
    }
    const tables = [...document.querySelectorAll('table')]
    expect(tables.length).toBeGreaterThan(5)
    for (const table of tables) {
      expect(table.querySelector('caption')?.textContent).not.toBe('')
      for (const row of table.querySelectorAll('tbody tr'))
        expect(row.querySelector('th[scope=row]')).not.toBeNull()
    }
  })

  it('draws strategies in the dashboard’s colours', async () => {
    const html = await render(repeatedRun(2))
    for (const id of ['single', 'single-all-cores', 'dp', 'ddp']) {
      expect(html).toContain(strategyStyle(id, 'light').colour)
    }
  })

  it('has every run as a dot, and whiskers where there is an interval', async () => {
    const speedupChart = async (blocks: number) => {
      const document = parse(await render(repeatedRun(blocks)))
      const chart = document.querySelector('svg[role=img]')
      return {
        dots: chart?.querySelectorAll('circle').length,
        whiskers: chart?.querySelectorAll('path').length,
      }
    }
    expect(await speedupChart(4)).toEqual({ dots: 12, whiskers: 3 })
    expect(await speedupChart(1)).toEqual({ dots: 3, whiskers: 0 })
  })

  it('is laid out for the paper asked for, with page numbers', async () => {
    const report = reportOf({ results: repeatedRun(1), run: null, owner: null })
    expect(await renderReport(report)).toContain('size: A4;')
    const letter = await renderReport(report, 'letter')
    expect(letter).toContain('size: letter;')
    expect(letter).toContain('"Page " counter(page) " of " counter(pages)')
  })
})

describe('the report of a script', () => {
  it('speaks of samples, and of no images', async () => {
    const script = {
      ...{ command: ['python', 'train.py'], folder: '/project', worlds: [1, 2], launcher: 'tandem' as const },
      ...{ steps: 40, warmUpSteps: 5, perDeviceBatch: null, globalBatch: null, startSeconds: 600 },
      isInScratch: false,
    }
    const run = repeatedRun(3)
    const configuration = configurationOf(script, { repeats: 3, seed: 0, deviceKind: 'cpu' })
    const text = parse(await render({ ...run, configuration })).body.textContent
    expect(text).toMatch(/samples\/s/)
    expect(text).toMatch(/40 steps of the script’s optimizer/)
    expect(text).not.toMatch(/\b(images?|pictures?)\b/i)
  })
})

describe('what is wrong with a run', () => {
  it('stands at the top of its report', async () => {
    const failed = measurementOf('ddp', 0, {
      changes: {
        status: 'failed',
        epochs: [],
        error: {
          code: 'trainer-crashed',
          message: 'DDP rank 1 failed with exit code 3',
          hint: 'See its log.',
        },
      },
    })
    const document = parse(
      await render(resultsOf([measurementOf('single', 0), failed], { status: 'failed' })),
    )

    const notice = document.querySelector('header .notice')?.textContent
    expect(notice).toMatch(/^Partly failed\. Part of this run failed/)
    expect(notice).toContain('DDP: DDP rank 1 failed with exit code 3. See its log.')
    expect(document.querySelector('.answer')?.textContent).toContain('N/A')
  })

  it('has a script’s traceback whole, and nothing in it is markup', async () => {
    const details =
      'Traceback (most recent call last):\n  File "train.py", line 3\nValueError: <b>\u001b[31mno'
    const error = { code: 'script-failed', message: 'the script failed', hint: 'Run it.', details }
    const failed = measurementOf('ddp', 0, { changes: { status: 'failed', epochs: [], error } })
    const report = resultsOf([measurementOf('single', 0), failed], { status: 'failed' })
    const [said] = [...parse(await render(report)).querySelectorAll('pre')]
    expect(said?.textContent).toBe(details.replace('\u001b', ''))
  })

  it('leaves no chart of nothing', async () => {
    const document = parse(await render(resultsOf([], { status: 'incomplete', finishedAt: null })))
    expect(document.querySelector('header .notice')?.textContent).toMatch(/^Not finished\./)
    expect(document.querySelectorAll('svg')).toHaveLength(0)

    const skipped = measurementOf('dp', 0, {
      changes: {
        status: 'skipped',
        skipReason: 'DataParallel needs at least 2 devices',
        epochs: [],
        ranks: [],
      },
    })
    // Without Single there is no speedup, and one step makes no curve.
    const step = measurementOf('ddp', 0).ranks.map((rank) => ({ ...rank, steps: rank.steps.slice(0, 1) }))
    const lonely = parse(await render(resultsOf([measurementOf('ddp', 0, { changes: { ranks: step } })])))
    const titles = [...lonely.querySelectorAll('svg[role=img] > title')].map((title) => title.textContent)
    expect(titles).toEqual(['Mean epoch time', 'Time per step'])

    const alone = parse(await render(resultsOf([skipped])))
    expect(alone.querySelectorAll('svg[role=img]')).toHaveLength(0)
    expect(alone.body.textContent).toContain('N/A: DataParallel needs at least 2 devices')
  })
})

describe('text that came from elsewhere', () => {
  it('is text, whatever markup is in it', async () => {
    const markup = `</style><script>alert("1")</script><img src=x onerror='a()'>`
    const run = repeatedRun(2)
    const results = resultsOf(
      run.measurements.map((measurement) => ({
        ...measurement,
        title: `${measurement.title} ${markup}`,
        collective: markup,
        error: { code: 'x', message: markup, hint: markup },
      })),
      {
        runId: markup,
        status: 'failed',
        notes: [markup],
        configuration: { ...run.configuration, dataDir: markup },
        machine: {
          ...run.machine,
          hostName: markup,
          cpuModel: markup,
          operatingSystem: markup,
          tandemVersion: markup,
        },
      },
    )
    const html = await render(results)
    const document = parse(html)
    expect(document.querySelectorAll('script, img')).toHaveLength(0)
    expect(html.match(/<style|<\/style/g)).toEqual(['<style', '</style'])
    expect(document.querySelector('title')?.textContent).toContain(markup)
    expect(document.querySelector('.when')?.textContent).toContain(`on ${markup}`)
    expect(document.querySelector('pre')?.textContent).toContain(`--data-dir '</style>`)
  })
})
