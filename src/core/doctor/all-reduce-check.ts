import { mkdir } from 'node:fs/promises'
import getPort from 'get-port'
import type { CollectiveJob, TrainerBackend } from '../../shared/child/trainer-protocol.js'
import { type CheckFinding, fail, pass, skipped } from '../../shared/doctor/doctor-report.js'
import type { EngineCheckJob, FromEngineCheck } from '../../shared/doctor/engine-check-protocol.js'
import { assertNever } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import { formatBytes } from '../../shared/text/format.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import { chooseCollective } from '../run/collective.js'
import { reserveCollectivePath } from '../run/collective-files.js'
import { type CheckCommand, type CheckHost, runCheckProcess } from './check-process.js'

type Exchange = Extract<EngineCheckJob, { kind: 'all-reduce' }>['exchanges'][number]
type Summed = Extract<FromEngineCheck, { type: 'summed' }>

/** From what latency decides to what bandwidth does; the last is about a ResNet-18's gradients. */
const sizesBytes = [64 * 2 ** 10, 2 ** 20, 8 * 2 ** 20, 44 * 2 ** 20]
/** Also beside other programs: a rank that starts late is no fault of the exchange. */
const exchangeTimeoutMs = 40_000

export interface AllReduceOptions {
  backend: TrainerBackend
  devices: ResolvedDevices
  host: CheckHost
  /** Of an engine that is another program: how a rank of it is started. */
  commandOf?: ((devices: readonly Device[], rank: number) => CheckCommand) | undefined
  limitMs: number
  signal: AbortSignal
}

/**
 * Sums vectors of several sizes over a rank a device, through what DDP would use here, and tells time, algorithm bandwidth
 * (bytes of the vector by time) and bus bandwidth (that times 2(n-1)/n), both as nccl-tests define them.
 */
export async function checkAllReduce(options: AllReduceOptions): Promise<CheckFinding> {
  const { devices } = options.devices
  if (devices.length < 2) return skipped('one device has nobody to exchange with')
  const { exchanges, release } = await openExchanges(options.backend, devices, process.platform)
  try {
    return await sumOverRanks(options, exchanges)
  } finally {
    await release()
  }
}

async function sumOverRanks(
  { backend, devices: { devices }, host, commandOf, limitMs, signal }: AllReduceOptions,
  exchanges: Exchange[],
): Promise<CheckFinding> {
  const ofRanks: Summed[][] = devices.map(() => [])
  // The first rank that dies takes the others with it: they would wait for it.
  const ending = new AbortController()
  const findings = await Promise.all(
    devices.map(async (device, rank) => {
      const finding = await runCheckProcess({
        job: { kind: 'all-reduce', backend, devices: [device], rank, worldSize: devices.length, exchanges },
        command: commandOf?.([device], rank),
        title: `all-reduce rank ${rank}`,
        host,
        limitMs,
        signal: AbortSignal.any([signal, ending.signal]),
        onMessage: (message) => void (message.type === 'summed' && ofRanks[rank]?.push(message)),
      })
      if (finding !== null && !ending.signal.aborted) {
        ending.abort()
        return { ...finding, found: `rank ${rank}: ${finding.found}` }
      }
      return null
    }),
  )
  const died = findings.find((finding) => finding !== null)
  return died ?? judgeSums(ofRanks)
}

/** @param ofRanks what each rank told, size after size */
export function judgeSums(ofRanks: readonly (readonly Summed[])[]): CheckFinding {
  const ranks = ofRanks.length
  const [first = []] = ofRanks
  const wrong = ofRanks.flatMap((sums, rank) =>
    sums
      .filter(({ isRight }) => !isRight)
      .map(({ elements }) => `rank ${rank}, ${formatBytes(4 * elements)}`),
  )
  if (wrong.length > 0) {
    return fail(
      `wrong sums: ${wrong.join('; ')}`,
      'DDP would train on wrong gradients. Between GPUs see "Copies between devices"; else report this.',
    )
  }
  const rows = first.map(({ elements }, position) => {
    // A sum is done when the slowest rank has it.
    const ms = Math.max(...ofRanks.map((sums) => sums[position]?.ms ?? 0))
    const algorithmBandwidth = (4 * elements) / ms / 1e6
    return { elements, ms, algorithmBandwidth, busBandwidth: (algorithmBandwidth * 2 * (ranks - 1)) / ranks }
  })
  const best = Math.max(...rows.map(({ busBandwidth }) => busBandwidth))
  return {
    ...pass(
      `${ranks} ranks through ${first[0]?.through}, every sum right, busbw up to ${best.toFixed(2)} GB/s`,
    ),
    table: {
      head: ['size', 'time (ms)', 'algbw (GB/s)', 'busbw (GB/s)'],
      rows: rows.map(({ elements, ms, algorithmBandwidth, busBandwidth }) => [
        formatBytes(4 * elements),
        ms.toFixed(2),
        algorithmBandwidth.toFixed(2),
        busBandwidth.toFixed(2),
      ]),
    },
  }
}

/** A meeting place for each size, of the kind that DDP would choose. */
async function openExchanges(
  { name }: TrainerBackend,
  devices: ResolvedDevices['devices'],
  platform: NodeJS.Platform,
): Promise<{ exchanges: Exchange[]; release(): Promise<void> }> {
  const removals: (() => Promise<void>)[] = []
  const release = async (): Promise<void> => {
    for (const remove of removals.splice(0)) await remove()
  }
  const kind = chooseCollective('auto', name, devices, platform)
  try {
    const places = { addresses: await freeAddresses(devices.length), file: await freeFile(removals) }
    const exchanges: Exchange[] = []
    for (const bytes of sizesBytes) {
      const collective = await meet(kind, bytes * (devices.length + 1) + 2 ** 20, places, removals)
      exchanges.push({ collective, elements: bytes / Float32Array.BYTES_PER_ELEMENT })
    }
    return { exchanges, release }
  } catch (thrown) {
    await release()
    throw thrown
  }
}

async function meet(
  kind: CollectiveJob['kind'],
  bytes: number,
  { addresses, file }: { addresses: string[]; file: string },
  removals: (() => Promise<void>)[],
): Promise<CollectiveJob> {
  const timeoutMs = exchangeTimeoutMs
  switch (kind) {
    case 'shared-memory': {
      const { path, remove } = await reserveCollectivePath(bytes)
      removals.push(remove)
      return { kind, path, timeoutMs }
    }
    case 'files': {
      const { path, remove } = await reserveCollectivePath(bytes)
      removals.push(remove)
      await mkdir(path, { mode: 0o700 })
      return { kind, directory: path, timeoutMs }
    }
    case 'tensorflow':
      return { kind, addresses, timeoutMs }
    case 'torch':
      // One group sums all sizes.
      return { kind, path: file, timeoutMs }
    case 'torch-network':
      throw new Error('the doctor checks one machine')
    default:
      return assertNever(kind, 'kind of collective')
  }
}

/** A name that nobody else has, in a folder of everybody's. */
async function freeFile(removals: (() => Promise<void>)[]): Promise<string> {
  const { path, remove } = await reserveCollectivePath(0)
  removals.push(remove)
  return path
}

async function freeAddresses(count: number): Promise<string[]> {
  const addresses: string[] = []
  for (let rank = 0; rank < count; rank++) addresses.push(`127.0.0.1:${await getPort()}`)
  return addresses
}
