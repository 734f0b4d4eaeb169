import { EventEmitter, once } from 'node:events'
import type * as Electron from 'electron'

type Members = Pick<
  Electron.App,
  | 'enableSandbox'
  | 'disableHardwareAcceleration'
  | 'requestSingleInstanceLock'
  | 'getPath'
  | 'getVersion'
  | 'quit'
  | 'exit'
  | 'isPackaged'
>

export interface FakeAppOptions {
  userData: string
}

/** The app with its life: what must come before `ready`, what only after, and what quitting goes through. */
export class FakeApp extends EventEmitter implements Members {
  readonly isPackaged = false
  sandboxed = false
  exitCode: number | null = null
  private ready = false
  private quitting = false
  private readonly life = new EventEmitter()
  private readonly becameReady = once(this.life, 'ready')

  constructor(
    private readonly options: FakeAppOptions,
    private readonly windows: () => { close(): void }[],
  ) {
    super()
  }

  assertBefore(what: string): void {
    if (this.ready) throw new Error(`${what} must be called before the app is ready`)
  }

  assertReady(what: string): void {
    if (!this.ready) throw new Error(`${what} cannot be used before the app is ready`)
  }

  async becomeReady(): Promise<void> {
    this.ready = true
    this.life.emit('ready')
    await new Promise((resolve) => setImmediate(resolve))
  }

  async whenReady(): Promise<void> {
    await this.becameReady
  }

  enableSandbox(): void {
    this.assertBefore('enableSandbox')
    this.sandboxed = true
  }

  disableHardwareAcceleration(): void {
    this.assertBefore('disableHardwareAcceleration')
  }

  requestSingleInstanceLock(_data?: Record<string, unknown>): boolean {
    return true
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    if (name !== 'userData') throw new Error(`no ${name} in this fake`)
    return this.options.userData
  }

  getVersion(): string {
    return '0.1.0'
  }

  quit(): void {
    if (this.exitCode !== null) return
    let prevented = false
    this.emit('before-quit', { preventDefault: () => (prevented = true) })
    if (prevented) return
    this.quitting = true
    for (const window of this.windows()) window.close()
    this.quitting = false
    // A window that stays open keeps the app.
    if (this.windows().length === 0) this.exit(0)
  }

  exit(code = 0): void {
    if (this.exitCode !== null) return
    this.exitCode = code
    this.emit('quit', {}, code)
  }

  allWindowsClosed(): void {
    if (this.quitting) return
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }
}
