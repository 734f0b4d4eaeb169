// dependency-cruiser asks swc for TypeScript without JSX whatever the file is called, and gives up on the first
// .tsx file. This tells swc by the file's name. (Its other parsers need TypeScript before 7.)
import swc from '@swc/core'

const { parseFileSync } = swc

Object.assign(swc, {
  parseFileSync: (/** @type {string} */ path, /** @type {import('@swc/core').TsParserConfig} */ options) =>
    parseFileSync(path, { ...options, tsx: path.endsWith('.tsx') }),
})
