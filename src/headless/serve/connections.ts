import type { Socket } from 'node:net'

export interface ConnectionLimits {
  /** Connections that are no wire of a page yet, and may never be. */
  strangers: number
  /** Of these, from one address. */
  strangersOfOnePeer: number
}

export const defaultConnectionLimits: ConnectionLimits = { strangers: 128, strangersOfOnePeer: 64 }

/**
 * Every connection of the web host, so that all of them can be ended. Whoever connects is a stranger until it is the
 * wire of a page that was let in. Where strangers become too many, the oldest gives way to the newest: somebody who holds
 * connections keeps nobody out, since a browser needs its own for a moment only.
 */
export class Connections {
  private readonly all = new Set<Socket>()
  /** In the order in which they came. */
  private readonly strangers = new Map<Socket, string>()

  constructor(private readonly limits: ConnectionLimits = defaultConnectionLimits) {}

  add(socket: Socket): void {
    const peer = socket.remoteAddress ?? ''
    this.all.add(socket)
    this.strangers.set(socket, peer)
    socket.once('close', () => {
      this.all.delete(socket)
      this.strangers.delete(socket)
    })
    const ofThisPeer = [...this.strangers].filter(([, other]) => other === peer)
    if (ofThisPeer.length > this.limits.strangersOfOnePeer) ofThisPeer[0]?.[0].destroy()
    else if (this.strangers.size > this.limits.strangers) this.strangers.keys().next().value?.destroy()
  }

  /** This one is the wire of a page that was let in. */
  welcome(socket: Socket): void {
    this.strangers.delete(socket)
  }

  /** Ends every one of them, whatever it waits for. */
  destroyAll(): void {
    for (const socket of this.all) socket.destroy()
  }
}
