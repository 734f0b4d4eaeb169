import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { logIn, openPage } from '../../e2e/gate/browser-session.js'
import { root } from './page.js'

/**
 * Many pages on one run of many ranks (`stream-host.ts`): what they cost the host, in processor time and memory, and
 * whether each of them is told everything. Pages are wires that acknowledge as they read. Linux.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      pages: { type: 'string', default: '50' },
      ranks: { type: 'string', default: '64' },
      seconds: { type: 'string', default: '20' },
    },
  })
  const host = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./stream-host.mjs', import.meta.url)),
      join(root, 'out', 'renderer'),
      values.ranks,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: host.stdout }).once('line', resolve),
    )
    const { url } = JSON.parse(line) as { url: string }
    const pid = host.pid as number
    const session = await logIn(url)
    const port = Number(new URL(url).port)
    const wires = await Promise.all(
      Array.from({ length: Number(values.pages) }, () => openPage(port, session)),
    )
    const steps = wires.map(() => 0)
    let dropped = 0
    for (const [index, { socket, say }] of wires.entries()) {
      say({ type: 'acknowledge', sequence: Number.MAX_SAFE_INTEGER, drawingIntervalMs: 100 })
      socket.on('message', (data) => {
        const message = JSON.parse(String(data))
        if (message.type === 'snapshot') dropped += message.dropped
        for (const { event } of message.events ?? []) {
          if (event?.type === 'steps') steps[index] = (steps[index] ?? 0) + event.steps.length
        }
        say({ type: 'acknowledge', sequence: message.sequence, drawingIntervalMs: 100 })
      })
    }
    const before = processorSeconds(pid)
    const startedAt = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(values.seconds)))
    const seconds = (performance.now() - startedAt) / 1_000
    const cores = (processorSeconds(pid) - before) / seconds
    console.log(`${values.pages} pages, ${values.ranks} ranks, ${seconds.toFixed(0)} s`)
    console.log(`host: ${cores.toFixed(2)} cores, ${Math.round(memoryBytes(pid) / 2 ** 20)} MiB`)
    console.log(`steps a page: ${Math.min(...steps)} to ${Math.max(...steps)}; events dropped: ${dropped}`)
    for (const { socket } of wires) socket.terminate()
  } finally {
    host.kill()
  }
}

/** proc(5): user and system time, in ticks of a hundredth of a second. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096
}
