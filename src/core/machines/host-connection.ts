import { connect } from 'node:tls'
import { type ErrorReport, TandemError } from '../../shared/errors.js'
import { systemErrorCode } from '../../shared/system-error.js'
import { type Hello, helloAnswerSchema, wireLimits } from './agent-protocol.js'
import type { Endpoint } from './endpoint.js'
import { type LineWire, openLineWire } from './line-wire.js'
import { clientOptions, handshakeMs } from './tls-psk.js'

/** How a knock at the host's door ended. */
export type Knock =
  | { kind: 'welcome'; wire: LineWire; received: number; follow(listeners: HostListeners): void }
  | { kind: 'refused'; error: ErrorReport; mayComeAgain: boolean }
  /** Nobody listens there: the machine answers, and says so. */
  | { kind: 'nobody'; problem: string }
  /** No answer, or not in time. */
  | { kind: 'silence'; problem: string }
  /** Who listens there knows another secret, or none. */
  | { kind: 'stranger'; problem: string }

export interface HostListeners {
  onLine(value: unknown): void
  onClose(): void
}

/** Connects to the host and says `hello`. Never rejects, and takes no longer than twice `handshakeMs`. */
export function knock(endpoint: Endpoint, secret: Buffer, hello: Hello): Promise<Knock> {
  return new Promise((resolve) => {
    const socket = connect({ ...endpoint, ...clientOptions(secret) })
    const timer = setTimeout(
      () => fail({ kind: 'silence', problem: `no answer within ${handshakeMs / 1000} s` }),
      handshakeMs,
    )
    const fail = (outcome: Knock): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }
    socket.once('error', (error) => fail(whyNoConnection(error)))
    socket.once('close', () => fail({ kind: 'silence', problem: 'the connection was closed' }))
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error').removeAllListeners('close')
      greet()
    })
    const greet = (): void => {
      let listeners: HostListeners | null = null
      const early: unknown[] = []
      let isWelcome = false
      // What the host says after its answer may come with it.
      const wire = openLineWire(
        socket,
        { ms: handshakeMs, bytes: wireLimits.lineBytes },
        {
          onLine(value) {
            if (listeners !== null) listeners.onLine(value)
            else if (isWelcome) early.push(value)
            else {
              const answer = helloAnswerSchema.safeParse(value)
              if (!answer.success) {
                fail({ kind: 'stranger', problem: 'what answers there is no host of Tandem of this version' })
              } else if (answer.data.type === 'refused') fail({ ...answer.data, kind: 'refused' })
              else {
                isWelcome = true
                resolve({ kind: 'welcome', wire, received: answer.data.received, follow })
              }
            }
          },
          onClose() {
            if (listeners !== null) listeners.onClose()
            else fail({ kind: 'silence', problem: 'the connection was closed' })
          },
        },
      )
      const follow = (wanted: HostListeners): void => {
        listeners = wanted
        for (const value of early.splice(0)) wanted.onLine(value)
        if (socket.destroyed) wanted.onClose()
      }
      wire.sendLine(JSON.stringify(hello))
    }
  })
}

function whyNoConnection(error: Error): Knock {
  const code = systemErrorCode(error)
  if (/ALERT|SSL|TLS/.test(code ?? ''))
    return { kind: 'stranger', problem: 'what answers there does not know this secret' }
  const problem = error.message
  // A reset comes of whoever is in between, too; only a refusal says that nobody listens.
  return code === 'ECONNREFUSED' ? { kind: 'nobody', problem } : { kind: 'silence', problem }
}

/** For a host that knows another secret. */
export function strangerAt(endpoint: string, problem: string): TandemError {
  return new TandemError({
    code: 'secret-refused',
    message: `--rdzv-endpoint ${endpoint}: ${problem}`,
    hint: 'Every machine needs the same secret file and the same version of Tandem.',
  })
}
