import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { readDocument, root } from './documents.js'

interface Rule {
  name: string
  from: { path: string }
  to: { pathNot?: string | string[] }
}

const { forbidden } = createRequire(import.meta.url)(`${root}.dependency-cruiser.cjs`) as {
  forbidden: Rule[]
}

/** Which rooms each room may import, by the rules that `npm test` enforces. */
function enforced(): Record<string, string[]> {
  return Object.fromEntries(
    forbidden.flatMap(({ name, from, to }) => {
      const room = /^(\w+)-imports-only-/.exec(name)?.[1]
      if (room === undefined) return []
      expect(from.path).toBe(`^src/${room}/`)
      const allowed = /\(([\w|]+)\)/.exec(String(to.pathNot))?.[1]?.split('|') ?? []
      return [[room, allowed.filter((one) => one !== room).sort()]]
    }),
  )
}

/** The same by the table of rooms in the architecture, which may add packages in words. */
function documented(): Record<string, string[]> {
  const rows = readDocument('docs/architecture.md').matchAll(/^\| `src\/(\w+)` \|.*\| ([^|]+) \|$/gm)
  return Object.fromEntries(
    [...rows].map(([, room = '', allowed = '']) => [
      room,
      [...allowed.matchAll(/`(\w+)`/g)]
        .map(([, one = '']) => one)
        .filter((one) => one !== 'statistics')
        .sort(),
    ]),
  )
}

it('rooms import what the architecture says, and the rules say the same', () => {
  expect(documented()).toEqual(enforced())
})
