import { TandemError } from '../../shared/errors.js'
import type { NodePlace } from './launcher-environment.js'

/** One machine's place among several, and how it gets there. */
export interface Rendezvous extends NodePlace {
  /** 32 bytes that all machines know and nobody else does. */
  secret: Buffer
  /** The network interface that gradients travel by; null finds the one with the route to the endpoint. */
  interfaceName: string | null
  /** How long machines are waited for. */
  joinMs: number
}

/** More than anybody starts by hand; a limit for what the wire may claim. */
export const mostNodes = 256

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
