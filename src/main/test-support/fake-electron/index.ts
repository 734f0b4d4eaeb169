import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import type { MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'
import { FakeApp, type FakeAppOptions } from './app.js'
import { FakeMessagePortMain } from './message-port.js'
import { createFakeSession, type FakeSession } from './session.js'
import { FakeUtilityProcess } from './utility-process.js'
import { createWindows } from './windows.js'

const parentPort = new URL('./parent-port.mjs', import.meta.url).href

/** A frame as the main process sees who sent it a message. */
export interface FakeFrame extends Pick<Electron.WebFrameMain, 'origin'> {
  parent: FakeFrame | null
}

export const pageFrame: FakeFrame = { origin: 'app://tandem', parent: null }

export type FakeElectron = ReturnType<typeof createFakeElectron>

/**
 * The parts of Electron that `src/main` uses, as they behave: with a life before and after `ready`, messages that
 * come from frames, utility processes that are real processes, and an end that can be prevented. Members are typed
 * against Electron's own declarations.
 */
export function createFakeElectron(options: Partial<FakeAppOptions> = {}) {
  const app: FakeApp = new FakeApp({ userData: tmpdir(), ...options }, () => windows)
  const assertReady = (what: string): void => app.assertReady(what)
  const { FakeBrowserWindow, windows } = createWindows(assertReady, () => app.allWindowsClosed())
  const session = createFakeSession()
  const partitions = new Map<string, FakeSession>()
  const privileged: Electron.CustomScheme[] = []
  const ipcMain = new EventEmitter()
  const children: FakeUtilityProcess[] = []
  const displays = [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }]

  const module = {
    app,
    BrowserWindow: FakeBrowserWindow,
    ipcMain,
    dialog: {
      showMessageBox: (..._args: unknown[]): never => {
        throw new Error('nobody is there to be asked')
      },
    },
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (_built: Electron.MenuItemConstructorOptions[]) => {},
    },
    shell: {
      openExternal: async (_url: string) => {},
    } satisfies Partial<Electron.Shell>,
    nativeTheme: { shouldUseDarkColors: false as boolean } satisfies Partial<Electron.NativeTheme>,
    protocol: {
      registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]) {
        app.assertBefore('registerSchemesAsPrivileged')
        privileged.push(...schemes)
      },
    } satisfies Partial<Electron.Protocol>,
    screen: {
      getAllDisplays() {
        assertReady('screen')
        return displays
      },
    },
    session: {
      get defaultSession() {
        assertReady('session.defaultSession')
        return session.session
      },
      fromPartition(partition: string, _options?: Electron.FromPartitionOptions) {
        assertReady('session.fromPartition')
        const found = partitions.get(partition) ?? createFakeSession()
        partitions.set(partition, found)
        return found.session
      },
    },
    utilityProcess: {
      fork(modulePath: string, args: string[] = [], forkOptions: Electron.ForkOptions = {}) {
        if (!isReady(app)) throw new TypeError('utilityProcess cannot be created before app is ready.')
        const onDeath = (details: Electron.Details): void => void app.emit('child-process-gone', {}, details)
        const child = new FakeUtilityProcess({ parentPort, onDeath }, modulePath, args, forkOptions)
        children.push(child)
        return child
      },
    },
  }

  return {
    ...session.inspection,
    module,
    app,
    windows,
    /** Sessions other than the default one, by their partition. */
    partitions,
    privileged,
    children,
    displays,
    becomeReady: () => app.becomeReady(),
    /** A message from a frame to the main process, with the ports that it hands over. */
    sendFromPage(channel: string, ports: MessagePort[], senderFrame: FakeFrame | null = pageFrame): void {
      const event = { senderFrame, ports: ports.map((port) => new FakeMessagePortMain(port)) }
      ipcMain.emit(channel, event, null)
    },
  }
}

function isReady(app: FakeApp): boolean {
  try {
    app.assertReady('')
    return true
  } catch {
    return false
  }
}
