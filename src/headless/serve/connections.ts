import type { Socket } from 'node:net'

export interface ConnectionLimits {
  /** Connections that are no wire of a page yet, and may never be. */
  strangers: number
  /** Of these, from one address. */
  strangersOfOnePeer: number
  /** Connections over which a browser with the right cookie has asked for something. */
  known: number
}

export const defaultConnectionLimits: ConnectionLimits = {
  strangers: 128,
  strangersOfOnePeer: 64,
  known: 128,
}

/**
 * Every connection of the web host, so that all of them can be ended. Whoever connects is a stranger until it has shown
 * the right cookie, or is the wire of a page that was let in. Where strangers become too many, the oldest gives way to the
 * newest: somebody who holds connections keeps nobody out, since a browser is known with its first request. The known give
 * way to each other alike.
 */
export class Connections {
  private readonly all = new Set<Socket>()
  /** In the order in which they came. */
  private readonly strangers = new Map<Socket, string>()
  private readonly known = new Set<Socket>()

  constructor(private readonly limits: ConnectionLimits = defaultConnectionLimits) {}

  add(socket: Socket): void {
    const peer = socket.remoteAddress ?? ''
    this.all.add(socket)
    this.strangers.set(socket, peer)
    socket.once('close', () => {
      this.all.delete(socket)
      this.strangers.delete(socket)
      this.known.delete(socket)
    })
    const ofThisPeer = [...this.strangers].filter(([, other]) => other === peer)
    if (ofThisPeer.length > this.limits.strangersOfOnePeer) ofThisPeer[0]?.[0].destroy()
    else if (this.strangers.size > this.limits.strangers) this.strangers.keys().next().value?.destroy()
  }

  /** A browser with the right cookie has asked for something over it. */
  recognise(socket: Socket): void {
    if (!this.strangers.delete(socket)) return
    this.known.add(socket)
    if (this.known.size > this.limits.known) this.known.values().next().value?.destroy()
  }

  /** This one is the wire of a page that was let in: it stays. */
  welcome(socket: Socket): void {
    this.strangers.delete(socket)
    this.known.delete(socket)
  }

  /** Ends every one of them, whatever it waits for. */
  destroyAll(): void {
    for (const socket of this.all) socket.destroy()
  }
}
