import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

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
  'getNormalBounds' | 'isMaximized' | 'maximize' | 'show' | 'isMinimized' | 'restore' | 'focus' | 'close'
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
      if (prevented || !windows.includes(this)) return
      windows.splice(windows.indexOf(this), 1)
      this.emit('closed')
      if (windows.length === 0) onAllClosed()
    }
  }

  return { FakeBrowserWindow, windows }
}
