import type { IpcMain } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openMessagePortWire, type Port } from '../renderer/host/message-port-wire.js'
import type { ToPage, Wire } from '../shared/contract/wire.js'
import { channels } from '../shared/desktop/desktop-bridge.js'
import { acceptPages } from './accept-pages.js'
import { createFakeElectron, type FakeFrame, pageFrame } from './test-support/fake-electron/index.js'

/*
 * Both ends of the desktop's wire: what the page opens, and what the main process makes of it. Ports are Node's own,
 * which have the same events as a browser's.
 */

const log = () => vi.mocked(console.error).mock.calls.map(([line]) => String(line))
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

function app() {
  const electron = createFakeElectron()
  const wires: Wire<ToPage>[] = []
  acceptPages(electron.module.ipcMain as unknown as IpcMain, (wire) => wires.push(wire))
  const ports: Port[] = []
  /** What the page does, up to the point where the preload hands its port on. */
  const openPage = () => {
    const page = openMessagePortWire((port) => ports.push(port))
    const heard: unknown[] = []
    const closed = vi.fn()
    page.onMessage((message) => heard.push(message))
    page.onClose(closed)
    return { page, heard, closed }
  }
  const handOver = (frame: FakeFrame | null = pageFrame, handed: Port[] = ports.splice(0)) =>
    electron.sendFromPage(channels.connect, handed, frame)
  return { wires, ports, openPage, handOver }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 30))
const answer = (id: number): ToPage => ({ type: 'answer', id, response: null })

describe('the wire of the desktop', () => {
  it('carries messages both ways, also those that were sent before it was there', async () => {
    const { wires, openPage, handOver } = app()
    const { page, heard } = openPage()
    page.send({ type: 'hello', protocol: 1 })
    handOver()
    const [wire] = wires
    const atHost: unknown[] = []
    wire?.send(answer(1))
    wire?.onMessage((message) => atHost.push(message))
    page.send({ type: 'acknowledge', sequence: 4, drawingIntervalMs: 0 })
    await settled()
    wire?.send(answer(2))
    await settled()

    expect(atHost).toEqual([
      { type: 'hello', protocol: 1 },
      { type: 'acknowledge', sequence: 4, drawingIntervalMs: 0 },
    ])
    expect(heard).toEqual([answer(1), answer(2)])
    page.close()
  })

  it('tells the host once when the page is gone, and loses what is said afterwards', async () => {
    const { wires, openPage, handOver } = app()
    const { page, closed } = openPage()
    handOver()
    const onClose = vi.fn()
    wires[0]?.onMessage(() => {})
    wires[0]?.onClose(onClose)
    page.close()
    await settled()
    wires[0]?.send(answer(1))
    page.send({ type: 'acknowledge', sequence: 1, drawingIntervalMs: 0 })

    expect(onClose).toHaveBeenCalledOnce()
    expect(closed).toHaveBeenCalledOnce()
  })

  it('tells the page once when the host has hung up', async () => {
    const { wires, openPage, handOver } = app()
    const { closed } = openPage()
    handOver()
    const onClose = vi.fn()
    wires[0]?.onClose(onClose)
    wires[0]?.close()
    wires[0]?.close()
    await settled()

    expect(onClose).toHaveBeenCalledOnce()
    expect(closed).toHaveBeenCalledOnce()
  })
})

describe('who may connect', () => {
  it.each<[string, FakeFrame | null, RegExp]>([
    ['a frame that has gone', null, /gone/],
    ['a frame within the page', { origin: 'app://tandem', parent: pageFrame }, /embedded/],
    ['a page of another host', { origin: 'app://evil', parent: null }, /comes from app:\/\/evil/],
    ['a page from the network', { origin: 'https://tandem', parent: null }, /comes from https/],
    ['a page without an origin', { origin: 'null', parent: null }, /comes from null/],
  ])('not %s, which is told so', async (_, frame, reason) => {
    const { wires, openPage, handOver } = app()
    const { heard, closed } = openPage()
    handOver(frame)
    await settled()

    expect(wires).toEqual([])
    expect(heard).toEqual([])
    expect(closed).toHaveBeenCalledOnce()
    // The app's own log, and what the refused page says of its answer.
    expect(log()).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)])
  })

  it('nobody without a port, and nobody with two', async () => {
    const { wires, ports, openPage, handOver } = app()
    handOver(pageFrame, [])
    const pages = [openPage(), openPage()]
    handOver(pageFrame, ports.splice(0))
    await settled()

    expect(wires).toEqual([])
    for (const { closed } of pages) expect(closed).toHaveBeenCalledOnce()
  })
})
