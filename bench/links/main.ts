import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeFlags } from '../../e2e/machines/joined-namespaces.js'
import { makeSecretFile } from '../../src/core/machines/secret-file.js'
import { analyseRun, type RunAnalysis } from '../../src/shared/analysis/run-analysis.js'
import { predictStep } from '../../src/shared/limits/step-model.js'
import { resultsSchema } from '../../src/shared/results/results.js'
import { formatBitRate, formatPercent, formatSpeedup, formatStepTime } from '../../src/shared/text/format.js'
import { addresses, makeShapedMachines, type ShapedMachines } from './shaped-machines.js'

const root = process.env.TANDEM_BENCH_ROOT ?? ''
const fastBitsPerSecond = 1e9
const slowShare = 0.25
/** How far the all-reduce may be from the link, and the prediction from what is measured then. */
const bar = 0.1

interface Options {
  python: string
  repeats: string
  steps: string
  batch: string
}

/** Measures at both speeds and prints what was found; 0 where all bars held. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: 'python3' },
      repeats: { type: 'string', default: '3' },
      steps: { type: 'string', default: '8' },
      batch: { type: 'string', default: '64' },
    },
  })
  const machines = makeShapedMachines()
  const folder = await mkdtemp(join(tmpdir(), 'tandem-links-'))
  // Namespaces outlive whoever made them.
  const clean = (): void => {
    machines.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', clean)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    const secret = await makeSecretFile(join(folder, 'secret'))
    const at = async (bitsPerSecond: number): Promise<RunAnalysis> => {
      machines.shape(bitsPerSecond)
      const output = join(folder, `${bitsPerSecond}.json`)
      await measure(machines, { ...values, secret, folder, output })
      const analysis = analyseRun(resultsSchema.parse(JSON.parse(await readFile(output, 'utf8'))))
      tell(bitsPerSecond, analysis)
      return analysis
    }
    const fast = await at(fastBitsPerSecond)
    const slow = await at(fastBitsPerSecond * slowShare)
    const held = [
      reachesLink(fastBitsPerSecond, fast),
      reachesLink(fastBitsPerSecond * slowShare, slow),
      isTheNetwork(slow),
      isPredicted(fast, slow),
    ]
    return held.every(Boolean) ? 0 : 1
  } finally {
    process.off('exit', clean)
    clean()
  }
}

/** One run over both machines. Throws what the host printed where it failed. */
async function measure(
  machines: ShapedMachines,
  options: Options & { secret: string; folder: string; output: string },
): Promise<void> {
  const { python, repeats, steps, batch, secret, folder, output } = options
  const start = (machine: 0 | 1, ...words: string[]) => {
    const [program, ...inside] = machines.enter(machine)
    const tandem = [process.execPath, join(root, 'out', 'main', 'tandem.js')]
    const place = nodeFlags(machine, `${addresses[0]}:29400`)
    const own = ['--rdzv-secret-file', secret, '--devices', 'cpu:1', '--python', python]
    const environment = { ...process.env, TANDEM_DATA_DIR: join(folder, `data-${machine}`) }
    const child = spawn(program, [...inside, ...tandem, ...words, ...place, ...own], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    process.once('exit', () => child.kill())
    return child
  }
  const agent = start(1, 'agent')
  const host = start(
    0,
    ...[
      'run',
      '--backend',
      'pytorch',
      '--strategies',
      'single,ddp',
      '--dataset',
      'sample',
      '--num-workers',
      '0',
    ],
    ...['--batch-size-single', batch, '--per-gpu-batch-size', batch, '--epochs', '1', '--repeats', repeats],
    ...['--max-steps-per-epoch', steps, '--output-file', output],
  )
  let printed = ''
  for (const stream of [host.stdout, host.stderr]) stream.on('data', (text) => (printed += text))
  for (const stream of [agent.stdout, agent.stderr]) stream.resume()
  const [[code]] = await Promise.all([once(host, 'exit'), once(agent, 'exit')])
  if (code !== 0) throw new Error(printed)
}

function tell(bitsPerSecond: number, { machines, waterfalls }: RunAnalysis): void {
  console.log(`\nA link of ${formatBitRate(bitsPerSecond)}`)
  for (const sentence of machines) console.log(`  ${sentence}`)
  const { idealMs, measuredMs, bars } = waterfalls.at(-1)?.waterfall ?? {
    idealMs: 0,
    measuredMs: 0,
    bars: [],
  }
  console.log(`  A step: ideal ${formatStepTime(idealMs)}, measured ${formatStepTime(measuredMs)}`)
  for (const { title, msPerStep } of bars)
    console.log(`    ${formatStepTime(msPerStep).padStart(10)}  ${title}`)
}

function reachesLink(bitsPerSecond: number, { limits: [limits] }: RunAnalysis): boolean {
  const reached = ((limits?.bandwidth?.busBytesPerSecond ?? 0) * 8) / bitsPerSecond
  return says(
    `busbw is ${formatPercent(reached)} of a link of ${formatBitRate(bitsPerSecond)}`,
    Math.abs(reached - 1),
  )
}

/** On the slower link, nothing may cost a step more than the border between the machines. */
function isTheNetwork({ waterfalls }: RunAnalysis): boolean {
  const bars = waterfalls.at(-1)?.waterfall.bars ?? []
  const [largest] = [...bars].sort((a, b) => b.msPerStep - a.msPerStep)
  console.log(`The largest bar at the slower link: ${largest?.name}`)
  return largest?.name === 'between-machines'
}

/** Within 10 %, or within the measured interval where that is wider. */
function isPredicted({ limits: [limits] }: RunAnalysis, slow: RunAnalysis): boolean {
  const measured = slow.results.find(({ strategy }) => strategy === 'ddp')
  const { model, at, baseImagesPerSecond } = limits?.input ?? {}
  if (!model || !at || baseImagesPerSecond === undefined || !measured?.speedup) return false
  const { speedup, stepMs } = predictStep(model, baseImagesPerSecond, { ...at, linkFactor: slowShare })
  const measuredMs = slow.waterfalls.at(-1)?.waterfall.measuredMs ?? 0
  console.log(`Predicted step ${formatStepTime(stepMs)}, measured ${formatStepTime(measuredMs)}`)
  const comparison = measured.answer?.comparison
  const estimate = comparison?.kind === 'compared' ? comparison.estimate : null
  const isWithin = estimate?.low != null && speedup >= estimate.low && speedup <= (estimate.high ?? 0)
  const off = Math.abs(speedup / measured.speedup - 1)
  const text = `predicted ${formatSpeedup(speedup)}, measured ${formatSpeedup(measured.speedup)} (${estimate?.low?.toFixed(3)} to ${estimate?.high?.toFixed(3)})`
  return says(text, isWithin ? 0 : off)
}

function says(text: string, off: number): boolean {
  const holds = off <= bar
  console.log(`${holds ? 'holds' : 'fails'}: ${text}`)
  return holds
}
