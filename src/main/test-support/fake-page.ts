import { readFile } from 'node:fs/promises'
import vm from 'node:vm'
import { type Connection, HostClient, type HostListener } from '../../renderer/host/host-client.js'
import { openMessagePortWire, type Port } from '../../renderer/host/message-port-wire.js'
import type { HostSnapshot } from '../../shared/contract/events.js'
import { connectMessage, type DesktopBridge } from '../../shared/desktop/desktop-bridge.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { type FakeElectron, type FakeFrame, pageFrame } from './fake-electron/index.js'

type PageMessage = { source: unknown; data: unknown; ports: Port[] }

/** The host's state as told, in place of the dashboard's store, which needs a browser. */
interface Known extends Partial<Pick<HostSnapshot, 'app' | 'control' | 'engine' | 'telemetry'>> {
  connection: Connection['status']
  run: LiveRun | null
}

/** A page without a browser: the built preload as Electron runs it, and what the real page knows of its host. */
export interface FakePage {
  /** As the protocol answers. */
  document: Response
  bridge: DesktopBridge
  client: HostClient
  /** What it knows of its host by now. */
  known: Known
  /** A message within the page's window, from itself or from a frame in it. */
  post(message: Partial<PageMessage>): void
  /** What happens to its ports when a page is reloaded, or crashes. */
  unload(): void
}

/** What the window of the app shows, loaded anew. */
export async function loadFakePage(electron: FakeElectron, frame: FakeFrame = pageFrame): Promise<FakePage> {
  const [window] = electron.windows
  const preload = window?.options.webPreferences?.preload
  const serve = electron.handlers.get('app')
  if (window === undefined || preload === undefined || serve === undefined) throw new Error('no window')
  const document = await serve(new Request(window.webContents.url))

  const { bridge, receive } = runPreload(await readFile(preload, 'utf8'), {
    on: (channel, listener) => window.webContents.toPage.on(channel, listener),
    off: (channel, listener) => window.webContents.toPage.off(channel, listener),
    postMessage: (channel, _message, ports) => electron.sendFromPage(channel, ports, frame),
  })
  const post: FakePage['post'] = (message) =>
    receive({ source: 'itself', data: connectMessage, ports: [], ...message })

  const known: Known = { connection: 'connecting', run: null }
  const client = new HostClient(() => openMessagePortWire((port) => post({ ports: [port] })), follow(known))
  client.connect()
  return { document, bridge, client, known, post, unload: () => client.close() }
}

function follow(known: Known): HostListener {
  return {
    onConnection({ status }) {
      known.connection = status
    },
    onSnapshot({ app, control, engine, telemetry, run }) {
      Object.assign(known, { app, control, engine, telemetry, run: run && LiveRun.fromSnapshot(run) })
    },
    drawingIntervalMs: () => 0,
    onEvents(events) {
      for (const event of events) {
        if (event.type === 'control') known.control = event.state
        if (event.type === 'engine') known.engine = event.state
        if (event.type === 'telemetry-state') known.telemetry = event.state
        if (event.type !== 'live') continue
        known.run = LiveRun.begin(event.event) ?? known.run
        known.run?.apply(event.event)
      }
    },
  }
}

interface IpcRenderer {
  on(channel: string, listener: (...args: unknown[]) => void): void
  off(channel: string, listener: (...args: unknown[]) => void): void
  postMessage(channel: string, message: unknown, ports: Port[]): void
}

/** Runs the built preload with all that a sandbox has. */
export function runPreload(code: string, ipcRenderer: Partial<IpcRenderer>) {
  const exposed: Record<string, unknown> = {}
  const listeners: ((message: PageMessage) => void)[] = []
  const window = {
    addEventListener(type: string, listener: (message: PageMessage) => void) {
      if (type === 'message') listeners.push(listener)
    },
  }
  const contextBridge = {
    exposeInMainWorld: (name: string, value: unknown) => {
      exposed[name] = value
    },
  }
  vm.runInNewContext(code, {
    window,
    require: (name: string) => {
      if (name === 'electron') return { contextBridge, ipcRenderer }
      throw new Error(`a sandboxed preload cannot require ${name}`)
    },
    process: { versions: { electron: '45.4.1', chrome: '156.0', node: '24.18.1' } },
    exports: {},
    module: { exports: {} },
  })
  return {
    exposed,
    bridge: exposed.tandem as DesktopBridge,
    /** `itself` stands for the window. */
    receive(message: PageMessage): void {
      const source = message.source === 'itself' ? window : message.source
      for (const listener of listeners) listener({ ...message, source })
    },
  }
}
