import { z } from 'zod'

/**
 * How a program in any language carries the trainer's messages: JSON lines over a Unix socket, on Windows a named pipe.
 * The page for its writers is docs/guide/trainer-protocol.md.
 */

/** Where the program finds the path of the socket, and what it has to show there. */
export const socketVariable = 'TANDEM_SOCKET'
export const tokenVariable = 'TANDEM_TOKEN'

export const carrierVersion = 1

/** The first line of a connection. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.literal(carrierVersion),
  token: z.string().max(200),
  pid: z.number().int().positive(),
  rank: z.number().int().nonnegative(),
})

export type Hello = z.infer<typeof helloSchema>

/** What the host says every `heartbeatMs`; a program that hears nothing for `heartbeatLimitMs` ends itself. */
export const heartbeat = { type: 'heartbeat' } as const
export const heartbeatMs = 1_000
export const heartbeatLimitMs = 30_000

/** Beyond these a program has lost its way, and its host ends it. */
export const carrierLimits = {
  helloBytes: 4 * 1024,
  lineBytes: 1024 * 1024,
  messagesPerSecond: 10_000,
  bytesPerSecond: 16 * 1024 * 1024,
} as const
