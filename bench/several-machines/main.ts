import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import { formatBytes } from '../../src/shared/text/format.js'
import { framesOf, heapBytesOf } from '../dashboard/frames-of-page.js'
import { openAnyBrowser, root } from '../dashboard/page.js'
import type { FromHost } from './host.js'
import type { Order } from './order.js'
import { takePictures } from './pictures.js'

const bars = { cores: 0.5, p95FrameMs: 20, growth: 1.1 }

/** What was seen in one window of time. */
interface Seen {
  cores: number
  hostBytes: number
  p95Ms: number | null
  heapBytes: number | null
}

/** Runs host, agents and page as processes of their own; returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      machines: { type: 'string', default: '16' },
      devices: { type: 'string', default: '8' },
      seconds: { type: 'string', default: '60' },
      'step-ms': { type: 'string', default: '50' },
      'without-page': { type: 'boolean', default: false },
      pictures: { type: 'string' },
    },
  })
  const order: Order = {
    machines: Number(values.machines),
    devices: Number(values.devices),
    seconds: Number(values.seconds),
    stepMs: Number(values['step-ms']),
  }
  const host = new HostProcess(order)
  let agents: ChildProcess | null = null
  const browser = values['without-page'] ? null : await openAnyBrowser()
  try {
    agents = startAgents(order, await host.listening)
    const { url } = await host.begun
    console.log(
      `${order.machines} machines with ${order.devices} devices each, a step every ${order.stepMs} ms, ${order.seconds} s`,
    )
    const page = (await browser?.newPage({ viewport: { width: 1920, height: 1080 } })) ?? null
    await page?.goto(url)
    if (page !== null && values.pictures !== undefined) await takePictures(page, values.pictures)
    return report(await watch(host, page, order.seconds), (await host.ended).outcome)
  } finally {
    await browser?.close()
    host.kill()
    agents?.kill()
  }
}

class HostProcess {
  private readonly child: ChildProcess
  private readonly lines: Interface
  readonly listening: Promise<Extract<FromHost, { type: 'listening' }>>
  readonly begun: Promise<Extract<FromHost, { type: 'begun' }>>
  readonly ended: Promise<Extract<FromHost, { type: 'ended' }>>
  isOver = false
  spent = { processorMs: 0, memoryBytes: 0 }

  constructor(order: Order) {
    const program = fileURLToPath(new URL('./host.mjs', import.meta.url))
    const parameters = [program, join(root, 'out', 'renderer'), JSON.stringify(order)]
    this.child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })
    this.listening = this.said('listening')
    this.begun = this.said('begun')
    this.ended = this.said('ended')
    this.lines.on('line', (line) => {
      const said = JSON.parse(line) as FromHost
      if (said.type === 'spent') this.spent = said
      if (said.type === 'ended') this.isOver = true
    })
  }

  kill(): void {
    this.child.kill()
  }

  private said<Type extends FromHost['type']>(type: Type): Promise<Extract<FromHost, { type: Type }>> {
    const said = new Promise<Extract<FromHost, { type: Type }>>((resolve, reject) => {
      this.lines.on('line', (line) => {
        const one = JSON.parse(line) as FromHost
        if (one.type === type) resolve(one as Extract<FromHost, { type: Type }>)
      })
      this.child.once('exit', (code) => reject(new Error(`the host ended with ${code}`)))
    })
    // Whoever waits for it hears of it; nobody else has to.
    said.catch(() => {})
    return said
  }
}

function startAgents(order: Order, { port, secret }: { port: number; secret: string }): ChildProcess {
  const program = fileURLToPath(new URL('./agents.mjs', import.meta.url))
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'inherit', 'inherit'] })
  child.stdin?.write(`${JSON.stringify({ ...order, port, secret })}\n`)
  return child
}

/** A line every half minute, or for a tenth of a short run. */
async function watch(host: HostProcess, page: Page | null, seconds: number): Promise<Seen[]> {
  const windowMs = Math.min(30_000, seconds * 100)
  const debug: CDPSession | null = (await page?.context().newCDPSession(page)) ?? null
  const all: Seen[] = []
  const startedAtMs = performance.now()
  while (!host.isOver) {
    const fromMs = performance.now()
    const before = host.spent.processorMs
    const frames = page === null ? await pause(windowMs) : await framesOf(page, windowMs)
    const cores = (host.spent.processorMs - before) / (performance.now() - fromMs)
    const heapBytes = debug === null ? null : await heapBytesOf(debug)
    if (host.isOver) break
    const seen = { cores, hostBytes: host.spent.memoryBytes, p95Ms: frames?.p95Ms ?? null, heapBytes }
    all.push(seen)
    const at = ((performance.now() - startedAtMs) / 60_000).toFixed(1)
    console.log(`${at} min: ${text(seen)}`)
  }
  return all
}

function text({ cores, hostBytes, p95Ms, heapBytes }: Seen): string {
  const ofHost = `host ${cores.toFixed(3)} cores, ${formatBytes(hostBytes)}`
  if (p95Ms === null || heapBytes === null) return ofHost
  return `p95 frame ${p95Ms.toFixed(1)} ms, page ${formatBytes(heapBytes)}; ${ofHost}`
}

function report(all: readonly Seen[], outcome: string): number {
  const checks = [
    { what: 'cores of the host, the most', value: worst(all, ({ cores }) => cores), bar: bars.cores },
    { what: 'p95 frame, ms, the longest', value: worst(all, ({ p95Ms }) => p95Ms), bar: bars.p95FrameMs },
    {
      what: "host's memory, second half over first",
      value: growth(all, (s) => s.hostBytes),
      bar: bars.growth,
    },
    { what: "page's heap, second half over first", value: growth(all, (s) => s.heapBytes), bar: bars.growth },
  ]
  for (const { what, value, bar } of checks) {
    if (value !== null) console.log(`${what}: ${value.toFixed(3)} (bar: ${bar})`)
  }
  console.log(`The group ${outcome}`)
  return outcome === 'completed' && checks.every(({ value, bar }) => value === null || value <= bar) ? 0 : 1
}

function worst(all: readonly Seen[], of: (seen: Seen) => number | null): number | null {
  const values = all.flatMap((seen) => of(seen) ?? [])
  return values.length === 0 ? null : Math.max(...values)
}

/** The most in the second half of the time over the most in the first. */
function growth(all: readonly Seen[], of: (seen: Seen) => number | null): number | null {
  const half = Math.floor(all.length / 2)
  const [first, second] = [worst(all.slice(0, half), of), worst(all.slice(half), of)]
  return first === null || second === null ? null : second / first
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}
