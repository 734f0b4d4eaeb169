import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { TandemError } from '../../shared/errors.js'
import { systemErrorCode } from '../../shared/system-error.js'
import { anyHelloSchema, type Hello, type HelloAnswer, helloSchema, wireLimits } from './agent-protocol.js'
import { type Endpoint, endpointText } from './endpoint.js'
import { type LineWire, openLineWire } from './line-wire.js'
import { handshakeMs, serverOptions } from './tls-psk.js'

/** Connections that have not said a valid hello yet; the oldest gives way to the newest. */
const mostStrangers = 64

export interface Guest {
  hello: Hello
  wire: LineWire
}

export interface Refusal {
  kind: 'refused'
  error: TandemError
  mayComeAgain: boolean
}

/** What the owner of the door makes of a guest: `onLine` and `onClose` from then on, or why not. */
export type Admission =
  | { kind: 'admitted'; received: number; onLine(value: unknown): void; onClose(): void; onWelcomed(): void }
  | Refusal
  /** Its place is taken by one that may be gone. What is found out: it is not, or null, and then the owner is asked again. */
  | { kind: 'in-doubt'; outcome: Promise<Refusal | null> }

export interface DoorOptions {
  endpoint: Endpoint
  secret: Buffer
  tandemVersion: string
  admit(guest: Guest): Admission
  /** Someone who knows the secret is of no use here, or someone does not know it; for people. */
  onTurnedAway(error: TandemError, hello: { nodeRank: number; hostName: string } | null): void
}

export interface AgentDoor {
  /** The address that it listens at, and nothing else. */
  readonly address: string
  readonly port: number
  /** Lets nobody else in; who is connected stays so. */
  stopListening(): void
  close(): void
}

/**
 * Listens for agents at the named address. Nobody gets further than the handshake without the secret, and a stranger costs
 * little: a few kilobytes and seconds, in limited number.
 *
 * Throws `address-unavailable` and `port-taken`.
 */
export async function openAgentDoor(options: DoorOptions): Promise<AgentDoor> {
  const { endpoint, secret } = options
  const strangers = new Map<string, Socket>()
  const guests = new Set<TLSSocket>()
  const server = createServer(serverOptions(secret))
  server.on('connection', (socket) => {
    const key = keyOf(socket)
    strangers.set(key, socket)
    socket.once('close', () => {
      if (strangers.get(key) === socket) strangers.delete(key)
    })
    if (strangers.size > mostStrangers) strangers.values().next().value?.destroy()
  })
  server.on('tlsClientError', (error, socket) => {
    socket.destroy()
    const problem = whyNoHandshake(error)
    if (problem !== null) options.onTurnedAway(wrongSecret(socket.remoteAddress, problem), null)
  })
  server.on('secureConnection', (socket) => {
    guests.add(socket)
    socket.once('close', () => guests.delete(socket))
    meet(socket, options, () => strangers.delete(keyOf(socket)))
  })
  await listen(server, endpoint)
  const bound = server.address()
  const { address, port } =
    typeof bound === 'object' && bound !== null ? bound : { address: endpoint.host, port: endpoint.port }
  return {
    address,
    port,
    stopListening: () => void server.close(),
    close() {
      server.close()
      for (const socket of [...strangers.values(), ...guests]) socket.destroy()
    },
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

function listen(server: ReturnType<typeof createServer>, endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(whyNotListening(cause, endpoint)))
    server.listen(endpoint.port, endpoint.host, () => {
      server.removeAllListeners('error')
      server.on('error', () => {})
      resolve()
    })
  })
}

/** Hears a guest's first line, answers it, and hands the wire on. */
function meet(socket: TLSSocket, options: DoorOptions, noStranger: () => void): void {
  let admission: Extract<Admission, { kind: 'admitted' }> | null = null
  let isKnown = false
  const wire = openLineWire(
    socket,
    { ms: handshakeMs, bytes: wireLimits.helloBytes },
    {
      onLine(value) {
        if (admission !== null) {
          admission.onLine(value)
          return
        }
        // It has said who it is, and waits for the answer.
        if (isKnown) {
          wire.close()
          return
        }
        const known = anyHelloSchema.safeParse(value)
        const hello = helloSchema.safeParse(value)
        if (!known.success || (!hello.success && known.data.protocol === helloSchema.shape.protocol.value)) {
          wire.close()
          return
        }
        isKnown = true
        if (!hello.success || hello.data.tandemVersion !== options.tandemVersion) {
          turnAway(otherVersion(known.data, options.tandemVersion), false, known.data)
          return
        }
        void decide(hello.data)
      },
      onClose() {
        isOpen = false
        admission?.onClose()
      },
    },
  )
  let isOpen = true
  const decide = async (hello: Hello): Promise<void> => {
    let outcome = options.admit({ hello, wire })
    while (outcome.kind === 'in-doubt') {
      const refusal = await outcome.outcome
      if (!isOpen) return
      outcome = refusal ?? options.admit({ hello, wire })
    }
    if (outcome.kind === 'refused') {
      turnAway(outcome.error, outcome.mayComeAgain, hello)
      return
    }
    noStranger()
    admission = outcome
    answer({ type: 'welcome', received: outcome.received })
    outcome.onWelcomed()
  }
  const turnAway = (
    error: TandemError,
    mayComeAgain: boolean,
    hello: { nodeRank: number; hostName: string },
  ): void => {
    answer({ type: 'refused', error: error.toReport(), mayComeAgain })
    wire.end()
    options.onTurnedAway(error, hello)
  }
  const answer = (said: HelloAnswer): void => wire.sendLine(JSON.stringify(said))
}

/** Null for connections that were just given up, which say nothing of the secret. */
function whyNoHandshake(error: Error): string | null {
  const code = systemErrorCode(error) ?? ''
  if (/DECRYPTION_FAILED|BAD_RECORD_MAC|PSK|DIGEST_CHECK/i.test(`${code} ${error.message}`))
    return 'has another secret'
  if (/NO_SHARED_CIPHER|UNSUPPORTED_PROTOCOL/i.test(`${code} ${error.message}`)) return 'knows no secret'
  return null
}

function wrongSecret(address: string | undefined, problem: string): TandemError {
  return new TandemError({
    code: 'secret-refused',
    message: `A program at ${address ?? 'an unknown address'} ${problem}, and was refused.`,
    hint: 'Every machine needs the same secret file.',
  })
}

function otherVersion(
  { nodeRank, hostName, tandemVersion }: { nodeRank: number; hostName: string; tandemVersion: string },
  own: string,
): TandemError {
  return new TandemError({
    code: 'node-version',
    message: `node ${nodeRank} (${hostName}) runs Tandem ${tandemVersion}, and node 0 runs ${own}`,
    hint: 'Every machine needs the same version of Tandem.',
  })
}

function whyNotListening(cause: Error, endpoint: Endpoint): TandemError {
  const isTaken = systemErrorCode(cause) === 'EADDRINUSE'
  const where = `--rdzv-endpoint ${endpointText(endpoint)}`
  return new TandemError(
    isTaken
      ? {
          code: 'port-taken',
          message: `${where}: another program listens on this port`,
          hint: 'Name another port, the same on every node.',
        }
      : {
          code: 'address-unavailable',
          message: `${where}: node 0 cannot listen there (${cause.message})`,
          hint: 'Name an address of node 0 that the other machines reach; see them with: ip address',
        },
    { cause },
  )
}
