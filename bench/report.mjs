/*
 * What a report takes, from the command to the file: HTML below 1 s, PDF below 5 s for a run of 10 repeats.
 *
 *   npm run build && node bench/report.mjs results.json [--times 5]
 *
 * A results.json beside its recording, as the history keeps it, has utilisation to draw as well. Kinds take turns.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '5' } },
})
const [results] = positionals
if (results === undefined) {
  console.error('usage: node bench/report.mjs results.json [--times 5]')
  process.exit(2)
}
const tandem = fileURLToPath(new URL('../out/main/tandem.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-report-'))
const kinds = [
  { flag: '--html', barSeconds: 1 },
  { flag: '--pdf', barSeconds: 5 },
].map((kind) => ({
  ...kind,
  file: join(folder, `report${kind.flag}`),
  seconds: /** @type {number[]} */ ([]),
}))

try {
  for (let round = 0; round < Number(options.times); round++) {
    for (const { flag, file, seconds } of kinds) {
      const startedAtMs = performance.now()
      execFileSync(process.execPath, [tandem, 'report', results, flag, file], { stdio: 'pipe' })
      seconds.push((performance.now() - startedAtMs) / 1000)
    }
  }
  const { configuration, measurements } = JSON.parse(readFileSync(results, 'utf8'))
  console.log(
    `${configuration.repeats} repeats, ${measurements.length} measurements, Node ${process.version}`,
  )
  for (const { flag, file, seconds, barSeconds } of kinds) {
    seconds.sort((a, b) => a - b)
    const median = seconds[Math.floor(seconds.length / 2)] ?? 0
    const size = `${Math.round(statSync(file).size / 1024)} KiB`
    const range = `${seconds[0]?.toFixed(2)} to ${seconds.at(-1)?.toFixed(2)}`
    console.log(`${flag}: ${median.toFixed(2)} s (${range}), ${size}; bar ${barSeconds} s`)
    if (median > barSeconds) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
