// The table of docs/performance.md beside the strongest peer, from what `npm run bench -- --isa ...` wrote:
//
//   node bench/strongest-peer.mjs bench-amx.json bench-avx512.json bench-avx2.json
//
// One row a setting and cap: medians of images/s over blocks, and Tandem over the best of PyTorch with its interval.
import { readFile } from 'node:fs/promises'

/** @typedef {{ group: string, samples: Record<string, Record<string, number>> }} Block */
/** @typedef {{ section: string, title: string, group: string, value: number | null, low: number | null, high: number | null, blocks: number, reached: boolean | null, inDoubt: boolean, bar: { atLeast?: number } | null }} Finding */

const files = process.argv.slice(2)
if (files.length === 0) throw new Error('node bench/strongest-peer.mjs FILE...')

console.log(
  '| cap | | blocks | Tandem | PyTorch eager | compiled | over the best | 95 % interval | bar | reached |',
)
console.log('|---|---|---:|---:|---:|---:|---:|---|---|---|')
for (const file of files) {
  const { isa, blocks, findings } = JSON.parse(await readFile(file, 'utf8'))
  const beside = findings.filter((/** @type {Finding} */ { title }) =>
    /over the best of PyTorch$/.test(title),
  )
  for (const finding of beside) console.log(row(isa, finding, blocks))
}

/**
 * @param {string | null} isa
 * @param {Finding} finding
 * @param {Block[]} blocks
 */
function row(isa, { section, title, group, value, low, high, blocks: count, reached, inDoubt, bar }, blocks) {
  const [tandem, peer] =
    section === 'ddp' ? ['tandem-ddp-2', 'pytorch-ddp-2'] : ['tandem-single', 'pytorch-single']
  const own = blocks.filter((block) => block.group === group)
  const rate = (/** @type {string} */ id) => {
    const rates = own.flatMap(({ samples }) => samples[id]?.imagesPerSecond ?? [])
    return rates.length === 0 ? 'n/a' : formatRate(median(rates))
  }
  const ratio = (/** @type {number | null} */ number) => (number === null ? 'n/a' : number.toFixed(2))
  const verdict = reached === null ? 'n/a' : `${reached ? 'yes' : '**no**'}${inDoubt ? ', in doubt' : ''}`
  const cells = [
    isa ?? 'all',
    title.replace(/: Tandem over .*$/, ''),
    String(count),
    rate(tandem),
    rate(peer),
    rate(`${peer}-compiled`),
    ratio(value),
    low === null || high === null ? 'none' : `${ratio(low)} to ${ratio(high)}`,
    bar?.atLeast === undefined ? '' : `>= ${ratio(bar.atLeast)}`,
    verdict,
  ]
  return `| ${cells.join(' | ')} |`
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

/** @param {number} rate */
function formatRate(rate) {
  return rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US')
}
