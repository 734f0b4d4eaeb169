import { EventEmitter, once } from 'node:events'
import type * as Electron from 'electron'

/** The parts of Electron that `src/main` uses, as they behave: with a life before and after `ready`. */
export type FakeElectron = ReturnType<typeof createFakeElectron>

type RequestHandler = (request: Request) => Response | Promise<Response>
type PermissionDecision = Parameters<
  NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
>[2]

/** @param options `firstInstance`: whether this app got the lock that one running app holds. */
export function createFakeElectron({ firstInstance = true } = {}) {
  let isReady = false
  const life = new EventEmitter()
  const becameReady = once(life, 'ready')
  const windows: FakeBrowserWindow[] = []
  const privileged: Electron.CustomScheme[] = []
  const handlers = new Map<string, RequestHandler>()
  let sandboxed = false
  let quit = false

  const before = (what: string) => {
    if (isReady) throw new Error(`${what} must be called before the app is ready`)
  }
  const after = (what: string) => {
    if (!isReady) throw new Error(`${what} cannot be used before the app is ready`)
  }

  class FakeWebContents extends EventEmitter {
    windowOpenHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null

    setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]) {
      this.windowOpenHandler = handler
    }
  }

  class FakeBrowserWindow extends EventEmitter {
    readonly webContents = new FakeWebContents()
    loadedUrl: string | null = null
    visible: boolean
    minimized = false
    focused = false

    constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
      super()
      after('BrowserWindow')
      this.visible = options.show !== false
      windows.push(this)
    }

    static getAllWindows() {
      return windows
    }

    async loadURL(url: string) {
      this.loadedUrl = url
    }

    show() {
      this.visible = true
    }

    isMinimized() {
      return this.minimized
    }

    restore() {
      this.minimized = false
    }

    focus() {
      this.focused = true
    }
  }

  const permissions: {
    request: Parameters<Electron.Session['setPermissionRequestHandler']>[0]
    check: Parameters<Electron.Session['setPermissionCheckHandler']>[0]
    device: Parameters<Electron.Session['setDevicePermissionHandler']>[0]
  } = { request: null, check: null, device: null }

  const app = Object.assign(new EventEmitter(), {
    enableSandbox() {
      before('enableSandbox')
      sandboxed = true
    },
    requestSingleInstanceLock: () => firstInstance,
    whenReady: () => becameReady,
    quit() {
      quit = true
    },
  })

  return {
    module: {
      app,
      BrowserWindow: FakeBrowserWindow,
      protocol: {
        registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]) {
          before('registerSchemesAsPrivileged')
          privileged.push(...schemes)
        },
      },
      session: {
        get defaultSession() {
          after('session.defaultSession')
          return {
            protocol: { handle: (scheme: string, handler: RequestHandler) => handlers.set(scheme, handler) },
            setPermissionRequestHandler: (handler: typeof permissions.request) => {
              permissions.request = handler
            },
            setPermissionCheckHandler: (handler: typeof permissions.check) => {
              permissions.check = handler
            },
            setDevicePermissionHandler: (handler: typeof permissions.device) => {
              permissions.device = handler
            },
          }
        },
      },
    },
    windows,
    privileged,
    handlers,
    permissions,
    /** What the page is told when it asks for a permission; without a handler Electron grants it. */
    askPermission(permission: string): boolean {
      if (permissions.request === null) return true
      let granted = true
      const decide: PermissionDecision = (answer) => {
        granted = answer
      }
      permissions.request({} as never, permission as never, decide, {} as never)
      return granted
    },
    async becomeReady() {
      isReady = true
      life.emit('ready')
      await new Promise((resolve) => setImmediate(resolve))
    },
    isSandboxed: () => sandboxed,
    hasQuit: () => quit,
  }
}
