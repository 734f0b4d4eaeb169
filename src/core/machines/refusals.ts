import { TandemError } from '../../shared/errors.js'
import type { Hello } from './agent-protocol.js'

/* Why a machine is not let in, or not waited for any longer, in words that name it. */

export function neverCame(nodes: readonly number[], waitedMs: number, seen: readonly string[]): TandemError {
  const which = nodes.length === 1 ? `Node ${nodes[0]}` : `Nodes ${nodes.join(', ')}`
  const saw = seen.length === 0 ? '' : ` ${seen.join(' ')}`
  return new TandemError({
    code: 'node-missing',
    message: `${which} did not come within ${Math.round(waitedMs / 1000)} s`,
    hint: `Start every node with the same --nnodes, --rdzv-endpoint and secret, each with its own --node-rank.${saw}`,
  })
}

export function sessionOver(name: string): TandemError {
  return new TandemError({
    code: 'session-over',
    message: `${name} was not heard of for too long, and node 0 went on without it`,
    hint: '',
  })
}

export function comesTwice(name: string, present: string): TandemError {
  return new TandemError({
    code: 'node-twice',
    message: `${name} came, and ${present} is there already; the second one was refused`,
    hint: 'Give every node its own --node-rank.',
  })
}

export function whyNotOfThisRun(name: string, { nodes, nodeRank }: Hello, own: number): TandemError | null {
  if (nodes === own && nodeRank > 0 && nodeRank < own) return null
  const problem =
    nodes === own
      ? `its --node-rank is ${nodeRank}, which must be from 1 to ${own - 1}`
      : `its --nnodes is ${nodes}, and node 0's is ${own}`
  return new TandemError({
    code: 'node-mismatch',
    message: `${name} is not of this run: ${problem}`,
    hint: 'Start every node with the same --nnodes.',
  })
}
