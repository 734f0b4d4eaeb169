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
