import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

/** Of a window with a session of its own, what it loads comes from there. */
type OwnSession = { protocol: { fetch(url: string): Promise<Response> } }

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0]

export class FakeWebContents extends EventEmitter {
  windowOpenHandler: OpenHandler | null = null
  /** How often a page was loaded: anew, or again. */
  loads = 0
  url = ''
  /** What was sent to the page, which a page may listen to. */
  readonly toPage = new EventEmitter()
  readonly sent: { channel: string; args: unknown[] }[] = []

  setWindowOpenHandler(handler: OpenHandler): void {
    this.windowOpenHandler = handler
  }

  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args })
    this.toPage.emit(channel, {}, ...args)
  }

  /** What a window with a session of its own shows. */
  document: string | null = null
  readonly prints: Electron.PrintToPDFOptions[] = []
  /** What printing waits for. */
  beforePrint: () => Promise<void> = async () => {}

  async printToPDF(options: Electron.PrintToPDFOptions): Promise<Buffer> {
    this.prints.push(options)
    await this.beforePrint()
    return Buffer.from(`%PDF-1.4 of ${this.document}`)
  }

  reload(): void {
    this.load(this.url)
  }

  load(url: string): void {
    this.url = url
    this.loads++
    setImmediate(() => this.emit('did-finish-load'))
  }
}

type Members = Pick<
  Electron.BrowserWindow,
  | 'getNormalBounds'
  | 'isMaximized'
  | 'maximize'
  | 'show'
  | 'isMinimized'
  | 'restore'
  | 'focus'
  | 'close'
  | 'destroy'
>

/** The windows of one fake app. */
export function createWindows(assertReady: (what: string) => void, onAllClosed: () => void) {
  const windows: FakeBrowserWindow[] = []

  class FakeBrowserWindow extends EventEmitter implements Members {
    readonly webContents = new FakeWebContents()
    bounds: Electron.Rectangle
    visible: boolean
    maximized = false
    minimized = false
    focused = false

    constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
      super()
      assertReady('BrowserWindow')
      const { x = 100, y = 50, width = 800, height = 600 } = options
      this.bounds = { x, y, width, height }
      this.visible = options.show !== false
      windows.push(this)
    }

    static getAllWindows(): FakeBrowserWindow[] {
      return [...windows]
    }

    async loadURL(url: string): Promise<void> {
      const own = this.options.webPreferences?.session as OwnSession | undefined
      if (own !== undefined) {
        const response = await own.protocol.fetch(url)
        if (!response.ok) throw new Error(`ERR_FAILED (-2) loading '${url}'`)
        this.webContents.document = await response.text()
      }
      this.webContents.load(url)
    }

    getNormalBounds(): Electron.Rectangle {
      return this.bounds
    }

    isMaximized(): boolean {
      return this.maximized
    }

    maximize(): void {
      this.maximized = true
    }

    show(): void {
      this.visible = true
    }

    isMinimized(): boolean {
      return this.minimized
    }

    restore(): void {
      this.minimized = false
    }

    focus(): void {
      this.focused = true
    }

    /** Unless a listener objects. */
    close(): void {
      let prevented = false
      this.emit('close', { preventDefault: () => (prevented = true) })
      if (!prevented) this.destroy()
    }

    destroy(): void {
      if (!windows.includes(this)) return
      windows.splice(windows.indexOf(this), 1)
      this.emit('closed')
      if (windows.length === 0) onAllClosed()
    }
  }

  return { FakeBrowserWindow, windows }
}
