import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Connections } from './connections.js'

/** As much of a socket as counts here. */
function socketFrom(remoteAddress: string) {
  const events = new EventEmitter()
  const socket = Object.assign(events, {
    remoteAddress,
    destroyed: false,
    destroy() {
      socket.destroyed = true
      events.emit('close')
    },
  })
  return socket as typeof socket & Socket
}

const limits = { strangers: 3, strangersOfOnePeer: 2, known: 2 }

describe('connections of the web host', () => {
  it('let the oldest of a peer give way to its newest', () => {
    const connections = new Connections(limits)
    const sockets = ['a', 'b', 'a', 'a'].map(socketFrom)
    for (const socket of sockets) connections.add(socket)

    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false])
  })

  it('let the oldest of all give way where there are too many', () => {
    const connections = new Connections(limits)
    const sockets = ['a', 'b', 'c', 'd'].map(socketFrom)
    for (const socket of sockets) connections.add(socket)

    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false])
  })

  it('keep those of a browser with the right cookie, and let its oldest give way to its own newest', () => {
    const connections = new Connections(limits)
    const browser = ['a', 'a', 'a'].map(socketFrom)
    for (const socket of browser) {
      connections.add(socket)
      connections.recognise(socket)
      for (let index = 0; index < 5; index++) connections.add(socketFrom('a'))
    }

    expect(browser.map(({ destroyed }) => destroyed)).toEqual([true, false, false])
  })

  it('keep those of pages, and end all of them in the end', () => {
    const connections = new Connections(limits)
    const pages = Array.from({ length: 5 }, () => socketFrom('a'))
    for (const page of pages) {
      connections.add(page)
      connections.welcome(page)
    }
    const strangers = Array.from({ length: 5 }, () => socketFrom('a'))
    for (const stranger of strangers) connections.add(stranger)

    expect(pages.some(({ destroyed }) => destroyed)).toBe(false)
    expect(strangers.filter(({ destroyed }) => !destroyed)).toEqual(strangers.slice(-2))
    connections.destroyAll()
    expect([...pages, ...strangers].every(({ destroyed }) => destroyed)).toBe(true)
  })
})
