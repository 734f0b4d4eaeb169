import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { TandemError } from '../../shared/errors.js'

/** Linux says up to a second late that an interface runs, which until then is not listed. */
const settleMs = 3_000

export interface OwnAddress {
  address: string
  interfaceName: string
}

/**
 * This machine's address and interface on the way to `host`, by the system's own routes; or those of the interface that
 * was named. Sends nothing. Throws `interface-unknown`.
 */
export async function ownAddressTowards(host: string, named: string | null): Promise<OwnAddress> {
  const { address: target, family } = await addressOf(host)
  if (named !== null) {
    const address = networkInterfaces()[named]?.find((own) => familyOf(own) === family)?.address
    if (address !== undefined) return { address, interfaceName: named }
    throw unknown(`--interface ${named}: it has no address of IPv${family}, or is not there`)
  }
  const deadline = performance.now() + settleMs
  for (;;) {
    // The way to an address of one's own is the loopback; others take the interface that has it.
    const address = interfaceWith(target) === null ? await sourceAddress(target, family) : target
    const interfaceName = interfaceWith(address)
    if (interfaceName !== null) return { address, interfaceName }
    if (performance.now() > deadline) throw unknown(`no network interface leads to ${host}`)
    await delay(100)
  }
}

async function addressOf(host: string): Promise<{ address: string; family: number }> {
  const family = isIP(host)
  if (family !== 0) return { address: host, family }
  try {
    return await lookup(host)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw unknown(`the name ${host} is not known here (${why})`)
  }
}

/** What the system would send from: connecting a datagram socket sends nothing. */
function sourceAddress(target: string, family: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    const fail = (cause: Error): void => {
      socket.close()
      reject(unknown(`there is no route to ${target} (${cause.message})`))
    }
    socket.once('error', fail)
    // Port 9 is "discard"; any would do.
    socket.connect(9, target, () => {
      const { address } = socket.address()
      socket.off('error', fail)
      socket.close()
      resolve(address)
    })
  })
}

function interfaceWith(address: string): string | null {
  const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some((own) => own.address === address),
  )
  return found?.[0] ?? null
}

/** A number, or in some versions of Node a word. */
function familyOf({ family }: NetworkInterfaceInfo): number {
  return String(family).endsWith('6') ? 6 : 4
}

function unknown(problem: string): TandemError {
  return new TandemError({
    code: 'interface-unknown',
    message: problem,
    hint: 'Name the network interface that leads to the other machines with --interface, as `ip address` lists it.',
  })
}
