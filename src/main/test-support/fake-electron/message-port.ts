import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'

type Members = Pick<Electron.MessagePortMain, 'close' | 'postMessage' | 'start'>

/** A page's port as it arrives in the main process: with Node's kind of events, and silent until it is started. */
export class FakeMessagePortMain extends EventEmitter implements Members {
  constructor(private readonly port: MessagePort) {
    super()
    port.on('close', () => this.emit('close'))
  }

  start(): void {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  close(): void {
    this.port.close()
  }
}
