import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import type { Results } from '../../../shared/results/results.js'
import type { ExportSource } from '../export-source.js'
import { completeRun, filesOf, partialRun, sourceOf } from '../exported-run.fixture.js'
import { markdownExport } from './markdown-export.js'

async function markdownOf(source: ExportSource): Promise<string> {
  const [file] = (await filesOf(markdownExport.files(source))).values()
  return String(file)
}

/** The HTML that a forge makes of it, and the cells of its table. */
async function rendered(source: ExportSource): Promise<{ html: string; rows: string[][] }> {
  const html = (marked.parse(await markdownOf(source), { async: false }) as string).replaceAll('<!-- -->', '')
  const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...(row as string).matchAll(/<t[dh]>(.*?)<\/t[dh]>/gs)].map(([, cell]) => cell as string),
  )
  return { html, rows }
}

describe('a run in Markdown', () => {
  it('says the answers, the figures, how far to rely on them, the machine and how to do it again', async () => {
    const footing =
      'base 320 images/s; 2 blocks; fixed global batch 64; data on the clock; CPU devices are shares of one processor, not GPUs.'
    expect(await markdownOf(sourceOf(completeRun()))).toBe(`\
### Tandem: Quick: ResNet-18 on the sample

- Unreliable, measure again: DP on 2 CPU devices trains 1.67x faster (95 % 1.67 to 1.67), 83 % efficiency; ${footing}
- Unreliable, measure again: DDP on 2 CPU devices trains 2.00x faster (95 % 2.00 to 2.00), 100 % efficiency; ${footing}

| Strategy | Devices | Global batch | Mean epoch | Throughput | Speedup | 95 % interval | Efficiency | Verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| Single | 1 CPU device | 64 | 0.600 s | 320 images/s | base | N/A | N/A |  |
| DP | 2 CPU devices | 64 | 0.360 s | 533 images/s | 1.67x (unreliable) | 1.67 to 1.67 | 83.3 % | faster |
| DDP | 2 CPU devices | 64 | 0.300 s | 640 images/s | 2.00x (unreliable) | 2.00 to 2.00 | 100.0 % | faster |

Validity: **unreliable, measure again**
- Unreliable: Single, DP and DDP made only 6 steps in 0.6 s, too few for a steady pace (20 steps and 1 s are needed). Use more images or epochs, or smaller batches.
- Warning: Nothing watched the machine during Single, DP and DDP (6 of 6 measurements): what else it did is not known.

Machine: Some CPU, 2 logical cores, 8.0 GiB, no GPU, Debian GNU/Linux 12, Tandem 0.1.0, Node 20.19.0

Reproduce (run 20260131-142530-9f3a1c of 2026-01-31):

\`\`\`sh
npx --no tandem run --preset quick --repeats 2 --samples-per-epoch 192 --evaluate
\`\`\`
`)
  })

  it('says at its top what keeps it from being a whole run, and shows N/A with its reason', async () => {
    const markdown = await markdownOf(sourceOf(partialRun()))
    const { rows } = await rendered(sourceOf(partialRun()))

    expect(markdown).toMatch(/^### Tandem: .*\n\n> \*\*Partly failed\.\*\* Part of this run failed/)
    expect(markdown).toMatch(/\n> - \*\*DDP:\*\* rank 1 was killed \(SIGKILL\)\./)
    expect(rows.find(([title]) => title === 'DP')).toEqual([
      'DP',
      ...Array.from({ length: 7 }, () => 'N/A'),
      'skipped: DataParallel needs at least 2 devices; this machine has 1 GPU',
    ])
    expect(rows.find(([title]) => title === 'DDP')?.at(-1)).toBe('none: one repeat; failed')
  })

  it('names no file of the machine that it comes from', async () => {
    const failed = partialRun()
    const measurements = failed.measurements.map((one) =>
      one.error === null
        ? one
        : { ...one, error: { ...one.error, hint: 'Log: /home/someone/ddp-rank-1.log' } },
    )

    expect(await markdownOf(sourceOf({ ...failed, measurements }))).not.toContain('/home/someone')
  })

  it('has no interval and no verdict for one repeat', async () => {
    const results = completeRun()
    const measurements = results.measurements.filter(({ block }) => block === 0)
    const configuration = { ...results.configuration, repeats: 1 }
    const { rows } = await rendered(sourceOf({ ...results, configuration, measurements }))

    expect(rows.at(-1)).toEqual([
      ...[
        'DDP',
        '2 CPU devices',
        '64',
        '0.300 s',
        '640 images/s',
        '2.00x (unreliable)',
        'N/A',
        '100.0 %',
        'none: one repeat',
      ],
    ])
  })

  it('shows as text whatever mark-up is in names', async () => {
    const markup = '<img src=x onerror=alert(1)> | **bold** [link](https://a.example) `code`\n\n# heading'
    const whole = completeRun()
    const results: Results = {
      ...whole,
      status: 'failed',
      machine: { ...whole.machine, cpuModel: markup, operatingSystem: markup },
      measurements: whole.measurements.map((one) =>
        one.id === 'dp'
          ? { ...one, title: markup, status: 'failed', error: { code: 'x', message: markup, hint: '' } }
          : one,
      ),
    }
    const { html, rows } = await rendered(sourceOf(results))

    expect(new Set(html.match(/<\/?[a-z0-9]+/g)?.map((tag) => tag.replace(/[</]+/, '')))).toEqual(
      new Set('h3 blockquote p strong ul li table thead tbody tr th td pre code'.split(' ')),
    )
    expect(html.match(/<h\d/g)).toHaveLength(1)
    expect(rows.every(({ length }) => length === 9)).toBe(true)
    expect(html).toContain('Machine: &lt;img src=x onerror=alert(1)&gt; | **bold** [link](https://a.example)')
  })

  it('keeps the command in its block, whatever folder is in it', async () => {
    const whole = completeRun()
    const configuration = {
      ...whole.configuration,
      dataset: 'cifar10' as const,
      dataDir: '/data/\n```\n<b>x</b>',
    }
    const { html } = await rendered(sourceOf({ ...whole, configuration }))

    expect(html).not.toContain('<b>')
    expect(html.match(/<pre>/g)).toHaveLength(1)
    expect(html).toContain('&lt;b&gt;x&lt;/b&gt;')
  })
})
