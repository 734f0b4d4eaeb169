import { z } from 'zod'
import type { ErrorReport } from '../errors.js'
import { largestImportBytes } from './commands.js'
import type { HostEvent, HostSnapshot } from './events.js'
import type { TurnedAway } from './let-in.js'

/** Raised whenever a page and a host of different versions would misunderstand each other. */
export const protocolVersion = 4

/** A page sends little, but for the file of an import. */
export const largestMessageBytes = largestImportBytes

/**
 * What a page sends. It says `hello` once; the host answers with a snapshot and from then on sends batches, a
 * few of them ahead of what the page has acknowledged. With each acknowledgement it says how often it draws, since a
 * batch that only waits for a drawing might as well wait for what comes next. Calls are answered in any order, by their
 * id.
 */
export const toHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number().int() }),
  z.object({
    type: z.literal('acknowledge'),
    sequence: z.number().int().nonnegative(),
    drawingIntervalMs: z.number().nonnegative(),
  }),
  z.object({
    type: z.literal('call'),
    id: z.number().int().nonnegative(),
    command: z.string(),
    request: z.unknown(),
  }),
])

export type ToHost = z.infer<typeof toHostSchema>

/** What a host sends to a page. `sequence` is the number of the last event that is contained. */
export type ToPage =
  | { type: 'incompatible'; protocol: number }
  | TurnedAway
  /** `dropped` events were left out since the last batch, because the page was slow; the snapshot has their outcome. */
  | { type: 'snapshot'; sequence: number; dropped: number; snapshot: HostSnapshot }
  | { type: 'batch'; sequence: number; events: HostEvent[] }
  | { type: 'answer'; id: number; response: unknown }
  | { type: 'refusal'; id: number; error: ErrorReport }

/**
 * One end of a connection between a page and its host, whatever carries it: a WebSocket, a MessagePort, or in
 * tests nothing but two functions. Messages arrive whole and in order, or not at all after it has closed.
 */
export interface Wire<Outgoing> {
  /** Never throws; on a closed wire the message is lost. */
  send(message: Outgoing): void
  /** Resolves when all that was sent has left this process, or is lost with the wire; a slow reader takes its time. */
  flushed(): Promise<void>
  /** Not validated. One listener. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once, also where this end closed it. One listener. */
  onClose(listener: () => void): void
  close(): void
}
