import { marked } from 'marked'
import { expect, it } from 'vitest'
import { compareRuns } from './compare-runs.js'
import { type Rates, runAt } from './compared-run.fixture.js'
import { comparisonMarkdown } from './comparison-markdown.js'
import { checkRegression } from './regression.js'

const steady = (rate: number): number[] => [0.99, 1, 1.01].map((factor) => factor * rate)
const rates: Rates = { single: steady(500), ddp: steady(900) }

it('says what differs, then the figures, then what was found', () => {
  const comparison = compareRuns([
    runAt(rates, { name: 'before' }),
    runAt({ single: steady(500), ddp: steady(990) }, { configuration: { perGpuBatchSize: 256 } }),
  ])
  expect(
    comparisonMarkdown(comparison, checkRegression(comparison, 0.05)),
  ).toBe(`### Tandem: two runs compared

- **A** before (Notebook: ResNet-18 on CIFAR-10) on workstation, 2026-01-31, run 20260131-142530-9f3a1c: valid
- **B** Notebook: ResNet-18 on CIFAR-10 on workstation, 2026-01-31, run 20260131-142530-9f3a1c: valid

| Differs | A | B |
| --- | --- | --- |
| **Batch per device** | 512 | 256 |

Throughput can differ because of what is in bold.

| Strategy | A | B | B / A | 95 % | Speedup A | Speedup B | Verdict |
| --- | --- | --- | --- | --- | --- | --- | --- |
| Single | 500 images/s, 495 to 505 in 3 repeats | 500 images/s, 495 to 505 in 3 repeats | 1.00x | 0.98 to 1.02 | base | base | undecided |
| DDP | 900 images/s, 891 to 909 in 3 repeats | 990 images/s, 980 to 1,000 in 3 repeats | 1.10x | 1.08 to 1.13 | 1.80x (1.80 to 1.80), valid | 1.98x (1.98 to 1.98), valid | faster |

- Single: whether B is faster or slower than A is undecided, 1.00x the throughput (95 % 0.98 to 1.02; 3 and 3 repeats)
- DDP: B is faster than A, 1.10x the throughput (95 % 1.08 to 1.13; 3 and 3 repeats)
- Limit of 5 %: no regression beyond it
`)
})

it('has no mark-up that names or machines bring along', () => {
  const hostile = '<script>alert(1)</script> | **bold** [x](https://a.example) ![y](z)\n# head'
  const html = marked.parse(
    comparisonMarkdown(
      compareRuns([
        runAt(rates, { name: hostile }),
        runAt(rates, { machine: { hostName: hostile, cpuModel: hostile } }),
      ]),
      null,
    ),
    { async: false },
  ) as string

  expect(html).not.toMatch(/<(script|img|a)\b/)
  expect(html.match(/<h\d/g)).toHaveLength(1)
  // The head and the processor, and two columns beside the names.
  expect(html.match(/<tr>/g)).toHaveLength(2 + 1 + 3)
})
