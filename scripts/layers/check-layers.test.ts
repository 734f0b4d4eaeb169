import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { root } from '../bootstrap/root.mjs'
import { checkLayers } from './check-layers.mjs'

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[]
}

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** A clone in small: the given source files, with the packages of this one. */
async function tree(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem layers '))
  folders.push(folder)
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

/** What a file may import in its room, so that nothing else is wrong with it. */
const allowed = {
  'src/shared/a.ts': "import { z } from 'zod'\nexport const a = z.string()\n",
  'src/shared/b.ts': "import { a } from './a.js'\nexport const b = a\n",
  'src/shared/statistics/a.ts': "import jStat from 'jstat'\nexport const s = jStat\n",
  'src/charts/a.tsx':
    "import { scaleLinear } from 'd3-scale'\nimport { a } from '../shared/a.js'\nexport const d = () => <p>{scaleLinear(a)}</p>\n",
  'src/report/a.tsx':
    "import { d } from '../charts/a.js'\nimport { a } from '../shared/a.js'\nexport const r = () => <p>{d(a)}</p>\n",
  'src/core/a.ts':
    "import { cpus } from 'node:os'\nimport { a } from '../shared/a.js'\nexport const c = [cpus, a]\n",
  'src/headless/index.ts':
    "import { c } from '../core/a.js'\nimport { a } from '../shared/a.js'\nc.push(a)\n",
  'src/main/index.ts': "import { app } from 'electron'\nimport { c } from '../core/a.js'\nc.push(app)\n",
  'src/preload/index.ts':
    "import { contextBridge } from 'electron'\nimport { a } from '../shared/a.js'\ncontextBridge.b(a)\n",
  'src/renderer/main.tsx':
    "import { useState } from 'react'\nimport { Bar } from 'recharts'\nimport { d } from '../charts/a.js'\nimport { r } from '../report/a.js'\nuseState(<Bar>{r(d())}</Bar>)\n",
  'src/child/a.ts':
    "import koffi from 'koffi'\nimport { a } from '../shared/a.js'\nexport const k = koffi.load(a)\n",
  'src/sampler/index.ts':
    "import koffi from 'koffi'\nimport { k } from '../child/a.js'\nimport { a } from '../shared/a.js'\nkoffi.load(a, k)\n",
  'src/trainer/index.ts':
    "import koffi from 'koffi'\nimport * as tf from '@tensorflow/tfjs-core'\nkoffi.load(tf)\n",
}

/** For each rule the one file that breaks it. */
const forbidden: Record<string, [file: string, content: string]> = {
  'shared-imports-only-itself': ['src/shared/x.ts', "import '../core/a.js'"],
  'core-imports-only-shared': ['src/core/x.ts', "import '../headless/index.js'"],
  'charts-imports-only-shared': ['src/charts/x.ts', "import '../report/a.js'"],
  'report-imports-only-charts-and-shared': ['src/report/x.ts', "import '../core/a.js'"],
  'headless-imports-only-core-and-shared-and-report': ['src/headless/x.ts', "import '../main/index.js'"],
  'main-imports-only-core-and-shared-and-report': [
    'src/main/x.ts',
    "export { x } from '../headless/index.js'",
  ],
  'preload-imports-only-shared': ['src/preload/x.ts', "import '../core/a.js'"],
  'renderer-imports-only-charts-and-report-and-shared': [
    'src/renderer/x.tsx',
    "import '../core/a.js'\nexport const x = <p />",
  ],
  'child-imports-only-shared': ['src/child/x.ts', "import '../core/a.js'"],
  'sampler-imports-only-child-and-shared': ['src/sampler/x.ts', "import '../core/a.js'"],
  'trainer-imports-only-child-and-shared': ['src/trainer/x.ts', "import '../core/a.js'"],
  'programs-are-started-not-imported': ['src/core/x.ts', "await import('../trainer/index.js')"],
  'shared-is-pure': ['src/shared/x.ts', "import { cpus } from 'node:os'\nexport { cpus }"],
  'pages-have-no-node': ['src/renderer/x.ts', "import { cpus } from 'node:os'\nexport { cpus }"],
  'jstat-only-in-shared/statistics': ['src/shared/x.ts', "import jStat from 'jstat'\nexport { jStat }"],
  'electron-only-in-main-and-preload': ['src/headless/x.ts', "import type { App } from 'electron'"],
  'tfjs-only-in-trainer': ['src/core/x.ts', "import '@tensorflow/tfjs-backend-wasm'"],
  'koffi-only-in-child-and-trainer-and-sampler': ['src/core/x.ts', "import koffi from 'koffi'"],
  'react-only-in-charts-and-renderer-and-report': ['src/main/x.ts', "import 'react'"],
  'd3-scale-only-in-charts': ['src/report/x.ts', "import 'd3-scale'"],
  'recharts-only-in-renderer': ['src/charts/x.ts', "import 'recharts'"],
  'no-cycles': ['src/shared/a.ts', "import { b } from './b.js'\nexport const a = b"],
  'no-orphans': ['src/core/x.ts', 'export const alone = 1'],
  'no-unresolved-imports': ['src/core/x.ts', "import './not-there.js'"],
  'no-development-packages-at-run-time': ['src/core/x.ts', "import 'vite'"],
  'no-undeclared-packages': ['src/core/x.ts', "import 'semver'"],
}

describe('the layer rules', () => {
  it('let every room import what it may, and read every file of it', async () => {
    const result = await checkLayers(await tree(allowed))

    expect(result).toEqual({ violations: [], unseen: [], fileCount: Object.keys(allowed).length })
  })

  it.each(Object.entries(forbidden))('%s', async (rule, [file, content]) => {
    const { violations } = await checkLayers(await tree({ ...allowed, [file]: `${content}\n` }))

    expect(violations).toContainEqual(expect.objectContaining({ rule, from: file }))
  })

  it('have an example of each rule above', () => {
    expect(Object.keys(forbidden).sort()).toEqual(rules.forbidden.map(({ name }) => name).sort())
  })

  it('keep every other package out of shared', async () => {
    const content = "import jStat from 'jstat'\nimport pc from 'picocolors'\nexport const s = [jStat, pc]\n"

    const { violations } = await checkLayers(
      await tree({ ...allowed, 'src/shared/statistics/a.ts': content }),
    )

    expect(violations).toEqual([expect.objectContaining({ rule: 'shared-is-pure' })])
  })

  it('let tests use what they test with', async () => {
    const testFile = "import { expect } from 'vitest'\nimport { c } from '../core/a.js'\nexpect(c)\n"

    const { violations } = await checkLayers(await tree({ ...allowed, 'src/shared/a.test.ts': testFile }))

    expect(violations).toEqual([])
  })

  it('read every source file of this project', async () => {
    const { unseen, fileCount } = await checkLayers(root)

    expect(unseen).toEqual([])
    expect(fileCount).toBeGreaterThan(50)
  })
})
