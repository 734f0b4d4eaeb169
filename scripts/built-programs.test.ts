import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import vm from 'node:vm'
import { cruise } from 'dependency-cruiser'
import { beforeAll, describe, expect, it } from 'vitest'
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

  it('the command line loads neither TensorFlow.js nor native code', () => {
    const reached = [...reachableFrom(graph, 'out/main/tandem.js')]

    expect(reached.filter((path) => /node_modules\/(@tensorflow|koffi)\//.test(path))).toEqual([])
  })
})

describe('the built preload', () => {
  it('gives the page the versions and nothing else', async () => {
    const exposed: Record<string, unknown> = {}
    const contextBridge = {
      exposeInMainWorld: (name: string, value: unknown) => {
        exposed[name] = value
      },
    }
    const code = await readFile(join(root, 'out', 'preload', 'index.cjs'), 'utf8')

    vm.runInNewContext(code, {
      // All that Electron's sandbox lets a preload have.
      require: (name: string) => {
        if (name === 'electron') return { contextBridge }
        throw new Error(`a sandboxed preload cannot require ${name}`)
      },
      process: { versions: { electron: '45.4.1', chrome: '152.0', node: '24.18.1' } },
      exports: {},
      module: { exports: {} },
    })

    expect(exposed).toEqual({
      tandem: { versions: { electron: '45.4.1', chromium: '152.0', node: '24.18.1' } },
    })
  })
})

describe('the built page', () => {
  it('carries no inline script or style, which its security policy would refuse', async () => {
    const html = await readFile(join(root, 'out', 'renderer', 'index.html'), 'utf8')

    expect(html).toMatch(/<script type="module"[^>]* src="/)
    expect(html).not.toMatch(/<style|<script(?![^>]* src=)|style=|onload=/)
  })
})
