// Loaded before a program that the fake Electron has forked: gives it `process.parentPort`, as Electron gives a
// utility process, in place of Node's own channel.
import { EventEmitter } from 'node:events'

const send = /** @type {NonNullable<typeof process.send>} */ (process.send).bind(process)

class ParentPort extends EventEmitter {
  /** @param {unknown} message */
  postMessage(message) {
    send(message)
  }
}

const port = new ParentPort()
/** @type {unknown[] | null} */
let early = []
/** @param {unknown} data */
const deliver = (data) => port.emit('message', { data, ports: [] })

process.on('message', (data) => (early === null ? deliver(data) : early.push(data)))
// Messages wait for the first listener.
port.on('newListener', (event) => {
  const waiting = early
  if (event !== 'message' || waiting === null) return
  early = null
  setImmediate(() => waiting.forEach(deliver))
})

Object.assign(process, { parentPort: port, send: undefined })
