import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { parseAst } from 'vite'

/*
 * Strategies, models and engines are told apart by the properties of their tables. A test of a name anywhere else is a
 * place that a new row of the table would be missing from, without a word.
 */

/** The tables, and the list of names in each. */
const tables = {
  'src/shared/domain/strategies.ts': 'strategyNames',
  'src/shared/domain/models.ts': 'modelNames',
  'src/shared/domain/engines.ts': 'engineNames',
}

/** The tables themselves; what makes the thing that a name stands for; what states what should come out. */
const exempt = [
  /^src\/shared\/domain\//,
  /^src\/trainer\/(strategies|model)\/create-[^/]+\.ts$/,
  /\.(test|fixture)\.tsx?$/,
  /\/(test-support|golden)\//,
]

const lookUps = new Set(['includes', 'has', 'get', 'indexOf', 'startsWith', 'endsWith', 'match', 'test'])

/** @typedef {{ file: string, line: number, text: string }} NameTest */
/** @typedef {import('vite').ESTree.Node} Node */

/**
 * Finds tests of a strategy's, a model's or an engine's name: comparisons, look-ups in lists and maps, and switches
 * whose default is not `assertNever`, so that nothing says which case is missing.
 *
 * @param {string} folder holds `src`
 * @returns {Promise<NameTest[]>}
 */
export async function checkNames(folder) {
  const isName = await namePattern(folder)
  const files = (await readdir(join(folder, 'src'), { recursive: true }))
    .map((path) => ['src', ...path.split(sep)].join('/'))
    .filter((file) => /\.tsx?$/.test(file) && !exempt.some((pattern) => pattern.test(file)))
  const found = await Promise.all(files.sort().map((file) => testsIn(folder, file, isName)))
  return found.flat()
}

/**
 * A name by itself, or with what follows it in a measurement's id: `ddp@2`.
 *
 * @param {string} folder
 * @returns {Promise<RegExp>}
 */
async function namePattern(folder) {
  const lists = await Promise.all(
    Object.entries(tables).map(async ([file, list]) => {
      const text = await readFile(join(folder, file), 'utf8')
      const names = new RegExp(`${list} = \\[([^\\]]*)\\]`).exec(text)?.[1]
      if (names === undefined) throw new Error(`${file} has no list ${list}`)
      return [...names.matchAll(/'([^']+)'/g)].map(([, name]) => name)
    }),
  )
  return new RegExp(`^(${lists.flat().join('|')})([@#]\\d+|-all-cores)?$`)
}

/**
 * @param {string} folder
 * @param {string} file
 * @param {RegExp} names
 * @returns {Promise<NameTest[]>}
 */
async function testsIn(folder, file, names) {
  const text = await readFile(join(folder, file), 'utf8')
  /** @type {NameTest[]} */
  const found = []
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }), (node) => {
    if (!isNameTest(node, names)) return
    const line = text.slice(0, node.start).split('\n').length
    const [first = ''] = text.slice(node.start, node.end).split('\n')
    found.push({ file, line, text: first })
  })
  return found
}

/**
 * @param {any} node
 * @param {RegExp} names
 * @returns {boolean}
 */
function isNameTest(node, names) {
  /** @type {(tested: any) => boolean} */
  const isName = (tested) =>
    tested?.type === 'Literal' && typeof tested.value === 'string' && names.test(tested.value)
  switch (node.type) {
    case 'BinaryExpression':
      return /^[!=]==?$/.test(node.operator) && (isName(node.left) || isName(node.right))
    case 'CallExpression': {
      const { callee } = node
      if (callee.type !== 'MemberExpression' || !lookUps.has(callee.property.name)) return false
      return (
        node.arguments.some(isName) ||
        (callee.object.type === 'ArrayExpression' && callee.object.elements.some(isName))
      )
    }
    case 'SwitchStatement':
      return node.cases.some((/** @type {any} */ { test }) => isName(test)) && !isExhaustive(node)
    default:
      return false
  }
}

/**
 * Whether its default calls `assertNever`, which makes the compiler name a case that is missing.
 *
 * @param {any} node
 * @returns {boolean}
 */
function isExhaustive({ cases }) {
  const otherwise = cases.find((/** @type {any} */ { test }) => test === null)
  let found = false
  if (otherwise !== undefined) {
    visit(otherwise, (node) => {
      found ||= node.type === 'CallExpression' && node.callee.name === 'assertNever'
    })
  }
  return found
}

/**
 * @param {any} node
 * @param {(node: any) => void} see
 */
function visit(node, see) {
  if (node === null || typeof node !== 'object') return
  if (Array.isArray(node)) {
    for (const one of node) visit(one, see)
    return
  }
  if (typeof node.type === 'string') see(node)
  for (const value of Object.values(node)) visit(value, see)
}
