import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Window } from 'happy-dom'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatResults } from '../core/results/results-file.js'
import { measurementOf, repeatedRun, resultsOf } from '../shared/report/run-results.fixture.js'
import { commandLine } from './command-line.fixture.js'

let folder: string
let results: string
let html: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-report-'))
  results = join(folder, 'results.json')
  html = join(folder, 'report.html')
  await writeFile(results, formatResults(repeatedRun(3)))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const tandem = (...args: string[]) => commandLine(args, { folder })

async function read(path: string) {
  const { document } = new Window()
  document.write(await readFile(path, 'utf8'))
  return document
}

describe('tandem report', () => {
  it('writes the report of a results.json, or of the folder that holds it', async () => {
    const { exitCode, stdout, stderr } = await tandem('report', results, '--html', html)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout).toBe(`Report: ${html}\n`)
    const document = await read(html)
    expect(document.querySelector('h1')?.textContent).toBe('Notebook: ResNet-18 on CIFAR-10')
    expect(document.querySelector('style')?.textContent).toContain('size: A4;')

    await tandem('report', folder, '--html', html, '--paper', 'letter')
    expect((await read(html)).querySelector('style')?.textContent).toContain('size: letter;')
  })

  it('finds a run that was measured here, by its id and as the latest', async () => {
    const run = 'run --dataset synthetic --backend wasm --devices cpu:2 --strategies single --num-workers 0'
    const measured = await tandem(...run.split(' '), '--output-file', results)
    expect(measured.exitCode, measured.stderr).toBe(0)
    const { runId } = JSON.parse(await readFile(results, 'utf8'))

    const latest = await tandem('report', '--html', html)
    expect(latest).toMatchObject({ exitCode: 0, stderr: '' })
    expect((await read(html)).querySelector('.when')?.textContent).toContain(`run ${runId}`)
    expect(await tandem('report', runId, '--html', html)).toMatchObject({ exitCode: 0 })
  })

  it('takes what happened to the devices from the recording, which lies beside the results or in the history', async () => {
    const run = 'run --dataset synthetic --backend wasm --devices cpu:2 --strategies single --num-workers 0'
    // Long enough for a few samples.
    const behaviour = { stepDelayMs: 400 }
    await commandLine([...run.split(' '), '--output-file', results], { folder, behaviour })
    const { runId } = JSON.parse(await readFile(results, 'utf8'))
    const kept = join(folder, 'runs', runId)
    const copy = join(folder, 'copy')
    await mkdir(copy)
    for (const name of ['results.json', 'recording.jsonl'])
      await writeFile(join(copy, name), await readFile(join(kept, name)))

    for (const place of [results, copy]) {
      if (place === copy) await rm(kept, { recursive: true })
      await tandem('report', place, '--html', html)
      expect((await read(html)).body.textContent, place).toContain('Utilisation over the run')
    }
  })

  it('says of a failed run that it failed, before anything else', async () => {
    const error = { code: 'trainer-crashed', message: 'DDP rank 1 failed with exit code 3', hint: '' }
    const failed = measurementOf('ddp', 0, { changes: { status: 'failed', epochs: [], error } })
    await writeFile(
      results,
      formatResults(resultsOf([measurementOf('single', 0), failed], { status: 'failed' })),
    )
    await tandem('report', results, '--html', html)
    expect((await read(html)).querySelector('header .notice')?.textContent).toMatch(/^Partly failed\./)
  })
})

describe('a PDF where no browser is found', () => {
  it('is written as HTML instead, and what to install is said', async () => {
    const pdf = join(folder, 'report.pdf')
    const { exitCode, stdout, stderr } = await tandem('report', results, '--pdf', pdf)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /^tandem: a PDF needs Chrome, Edge or Chromium, and none was found\. Install one, .*--browser or CHROME_PATH/,
    )
    expect(existsSync(pdf)).toBe(false)
    expect(stdout).toBe(`Report: ${pdf}.html\n`)
    expect((await read(`${pdf}.html`)).querySelector('h1')).not.toBeNull()
  })

  it('leaves it at the HTML that was asked for', async () => {
    const pdf = join(folder, 'report.pdf')
    const { exitCode, stdout } = await tandem('report', results, '--pdf', pdf, '--html', html)
    expect(exitCode).toBe(1)
    expect(stdout).toBe(`Report: ${html}\n`)
    expect(existsSync(`${pdf}.html`)).toBe(false)
  })
})

describe('bad usage', () => {
  it.each([
    ['report', 'nothing was asked for. Name at least one place: --html, --pdf, --csv,'],
    ['report --html @/report.html', 'there is no run in the history yet. Make one:'],
    ['report 20260131-142530-9f3a1c --html @/report.html', 'there is no run 20260131-142530-9f3a1c'],
    ['report @/none.json --html @/report.html', 'it does not exist'],
    ['report @/text.json --html @/report.html', '@/text.json cannot be used: '],
    ['report @/other.json --html @/report.html', 'it is not a Tandem results document (format: "other")'],
    ['report @/later.json --html @/report.html', '@/later.json has version 99; this Tandem reads version'],
    ['report @/cut.json --html @/report.html', '@/cut.json cannot be used: '],
    ['report @/edited.json --html @/report.html', '@/edited.json cannot be used: measurements'],
    ['report @/results.json --html @', '--html @: it is a folder'],
    ['report @/results.json --pdf @/none/report.pdf', '--pdf @/none/report.pdf: the folder @/none does not'],
    ['report @/results.json --pdf @/r.pdf --browser @/none', '--browser @/none: there is no program'],
    ['report @/results.json --html @/r.html --paper A5', "argument 'A5' is invalid. Allowed: A4, Letter."],
  ])('%s', async (line, message) => {
    const text = await readFile(results, 'utf8')
    const files: Record<string, string> = {
      'text.json': 'no JSON',
      'other.json': '{"format":"other"}',
      'later.json': '{"format":"tandem-results","version":99}',
      'cut.json': text.slice(0, text.length / 2),
      'edited.json': text.replace('"epochs": [', '"epochs": ["soon",'),
    }
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    const place = (words: string) => words.replaceAll('@', folder)
    const { exitCode, stdout, stderr } = await tandem(...place(line).split(' '))
    expect(stderr).toContain(place(message))
    expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    for (const name of ['report.html', 'r.html', 'r.pdf']) expect(existsSync(join(folder, name))).toBe(false)
  })
})
