import { isIP } from 'node:net'
import { TandemError } from '../../shared/errors.js'

/** Where the machines of a run meet: node 0 listens there. */
export interface Endpoint {
  host: string
  port: number
}

/** One machine's place among several, as it was told on the command line. */
export interface Rendezvous {
  /** How many machines there are. */
  nodes: number
  /** This one's number; node 0 is the host, all others are agents. */
  nodeRank: number
  endpoint: Endpoint
  /** 32 bytes that all machines know and nobody else does. */
  secret: Buffer
  /** The network interface that gradients travel by; null finds the one with the route to the endpoint. */
  interfaceName: string | null
  /** How long machines are waited for. */
  joinMs: number
}

/** More than anybody starts by hand; a limit for what the wire may claim. */
export const mostNodes = 256

/** `HOST:PORT`, an address of IPv6 in brackets. Undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, inBrackets, plain, portText] = /^(?:\[([0-9a-f:.%\w]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = inBrackets ?? plain
  const port = Number(portText)
  if (host === undefined || port < 1 || port > 65_535) return undefined
  return inBrackets !== undefined && isIP(host) !== 6 ? undefined : { host, port }
}

/** As `parseEndpoint` reads it. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/** `node 1 (atlas)`: what every message calls a machine. */
export function nodeName(nodeRank: number, hostName: string | null = null): string {
  return hostName === null || hostName === '' ? `node ${nodeRank}` : `node ${nodeRank} (${hostName})`
}

export function neverCame(nodes: readonly number[], waitedMs: number, seen: readonly string[]): TandemError {
  const which = nodes.length === 1 ? `Node ${nodes[0]}` : `Nodes ${nodes.join(', ')}`
  const saw = seen.length === 0 ? '' : ` ${seen.join(' ')}`
  return new TandemError({
    code: 'node-missing',
    message: `${which} did not come within ${Math.round(waitedMs / 1000)} s`,
    hint: `Start every node with the same --nnodes, --rdzv-endpoint and secret, each with its own --node-rank.${saw}`,
  })
}
