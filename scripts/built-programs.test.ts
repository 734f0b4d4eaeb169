import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { beforeAll, describe, expect, it } from 'vitest'
import { runPreload } from '../src/main/test-support/fake-page.js'
import { root } from './bootstrap/root.mjs'

// What electron-vite made of the sources. `npm test` builds before it tests.

/** Each built file and package with what it imports, statically or not. */
type ImportGraph = Map<string, string[]>

async function builtGraph(): Promise<ImportGraph> {
  const { output } = await cruise(['out/main'], { baseDir: root, doNotFollow: { path: 'node_modules' } })
  if (typeof output === 'string') throw new Error('dependency-cruiser reported text instead of a result')
  return new Map(
    output.modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]),
  )
}

function reachableFrom(graph: ImportGraph, start: string): Set<string> {
  const reached = new Set([start])
  for (const at of reached) for (const next of graph.get(at) ?? []) reached.add(next)
  return reached
}

const isElectron = (path: string) => /(^|\/)electron(\/|$)/.test(path)

describe('the built programs', () => {
  let graph: ImportGraph
  beforeAll(async () => {
    graph = await builtGraph()
  })

  it.each(['tandem', 'trainer', 'sampler', 'data-worker', 'dp-wasm-worker', 'watchdog-worker'])(
    '%s runs without Electron',
    (program) => {
      const reached = [...reachableFrom(graph, `out/main/${program}.js`)]

      expect(graph.get(`out/main/${program}.js`), 'was built').toBeDefined()
      expect(reached.filter(isElectron)).toEqual([])
    },
  )

  it('the desktop app does reach Electron', () => {
    expect([...reachableFrom(graph, 'out/main/index.js')].filter(isElectron)).not.toEqual([])
  })

  it('the command line loads neither TensorFlow.js nor native code', async () => {
    expect(await trainingPackages('tandem')).toEqual([])
    expect(await trainingPackages('trainer')).toEqual(['@tensorflow', 'koffi'])
  })

  /** Which of the packages that train lie in what a program reaches, or outside of it. */
  async function trainingPackages(program: string): Promise<string[]> {
    const reached = [...reachableFrom(graph, `out/main/${program}.js`)]
    const built = reached.filter((path) => path.startsWith('out/main/'))
    const sources = await Promise.all(built.map(sourcesOf))
    const found = [...reached, ...sources.flat()].flatMap(
      (path) => /node_modules\/(@tensorflow|koffi)\//.exec(path)?.[1] ?? [],
    )
    return [...new Set(found)].sort()
  }

  /** What a built file was bundled from, by its source map; the bundler's own code has none. */
  async function sourcesOf(path: string): Promise<string[]> {
    const map = join(root, `${path}.map`)
    return existsSync(map) ? JSON.parse(await readFile(map, 'utf8')).sources : []
  }
})

describe('the built preload', () => {
  let code: string
  beforeAll(async () => {
    code = await readFile(join(root, 'out', 'preload', 'index.cjs'), 'utf8')
  })

  it('gives the page the versions and the menu, and nothing of Electron', () => {
    const { exposed } = runPreload(code, {})

    expect(exposed).toEqual({
      tandem: {
        versions: { electron: '45.4.1', chromium: '156.0', node: '24.18.1' },
        onOpenScreen: expect.any(Function),
        onOpenPalette: expect.any(Function),
      },
    })
  })

  it('tells the page of a screen without the event that brought it, and of nothing that is none', () => {
    const listeners: ((...args: unknown[]) => void)[] = []
    const { bridge } = runPreload(code, { on: (_channel, listener) => void listeners.push(listener) })
    const heard: unknown[][] = []
    bridge.onOpenScreen((...args) => heard.push(args))
    for (const path of ['/live', { toString: () => '/live' }, undefined])
      listeners[0]?.({ sender: 'all of Electron' }, path)

    expect(heard).toEqual([['/live']])
  })

  it('tells the page that the palette was asked for, and nothing else', () => {
    const listeners: ((...args: unknown[]) => void)[] = []
    const { bridge } = runPreload(code, { on: (_channel, listener) => void listeners.push(listener) })
    const heard: unknown[][] = []
    bridge.onOpenPalette((...args: unknown[]) => heard.push(args))
    listeners[0]?.({ sender: 'all of Electron' }, 'something')

    expect(heard).toEqual([[]])
  })

  it('hands on one port of the page itself, when it asks to connect', () => {
    const posted: unknown[][] = []
    const { receive } = runPreload(code, { postMessage: (...args) => void posted.push(args) })
    const { port1, port2 } = new MessageChannel()
    const connect = { source: 'itself', data: 'tandem:connect', ports: [port1] }

    receive({ ...connect, source: 'a frame in the page' })
    receive({ ...connect, data: 'something else' })
    receive({ ...connect, ports: [] })
    receive({ ...connect, ports: [port1, port2] })
    expect(posted).toEqual([])
    receive(connect)
    expect(posted).toEqual([['tandem:connect', null, [port1]]])
    port1.close()
  })
})

describe('the built page', () => {
  it('carries no inline script or style, which its security policy would refuse', async () => {
    const html = await readFile(join(root, 'out', 'renderer', 'index.html'), 'utf8')

    expect(html).toMatch(/<script type="module"[^>]* src="/)
    expect(html).not.toMatch(/<style|<script(?![^>]* src=)|style=|onload=/)
  })
})
