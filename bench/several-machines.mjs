/*
 * What a host of many machines spends on hearing them: real agents over TLS on the loopback, whose trainers only pretend,
 * a step each every 50 ms and a sample of each machine every second.
 *
 *   node bench/several-machines.mjs [--machines 16] [--devices 8] [--seconds 60]
 *
 * The agents are a process of their own. Ends with 0 where the host takes less than half a core, and its memory in the
 * second half of the time is within 10 % of that in the first.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({
  host: 'several-machines/host.ts',
  agents: 'several-machines/agents.ts',
})
try {
  const { main } = await import(pathToFileURL(join(folder, 'host.mjs')).href)
  process.exitCode = await main(process.argv.slice(2), join(folder, 'agents.mjs'))
} finally {
  await remove()
}
