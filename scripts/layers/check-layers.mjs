import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import './read-tsx.mjs'
import { cruise } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

const rules = fileURLToPath(new URL('../../.dependency-cruiser.cjs', import.meta.url))

/** @typedef {{ rule: string, from: string, to: string }} Violation `to` is the way round for a cycle, and the file itself for an orphan */

/**
 * Holds the source files under `src` to the layer rules.
 *
 * @param {string} folder holds `src`, `package.json` and `node_modules`
 * @returns {Promise<{ violations: Violation[], unseen: string[], fileCount: number }>} `unseen` are source
 *   files that dependency-cruiser did not read: what it does not read it does not judge either
 */
export async function checkLayers(folder) {
  const options = await extractDepcruiseOptions(rules)
  const { output } = await cruise(['src'], { ...options, baseDir: folder, validate: true })
  if (typeof output === 'string') throw new Error('dependency-cruiser reported text instead of a result')
  const read = new Set(output.modules.map((module) => module.source))
  const files = await sourceFiles(folder)
  return {
    violations: output.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle?.map(({ name }) => name).join(' -> ') ?? to,
    })),
    unseen: files.filter((file) => !read.has(file)),
    fileCount: files.length,
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>} `src/...`, with forward slashes
 */
async function sourceFiles(folder) {
  const entries = await readdir(join(folder, 'src'), { recursive: true })
  return entries.filter((path) => /\.tsx?$/.test(path)).map((path) => ['src', ...path.split(sep)].join('/'))
}
