import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { root } from './bootstrap/root.mjs'

/** Where Tandem must install: a lock file made on one of these can lack what the others need. */
const platforms = [
  { os: 'linux', cpu: 'x64', libc: 'glibc' },
  { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { os: 'darwin', cpu: 'arm64', libc: null },
  { os: 'win32', cpu: 'x64', libc: null },
]
type Platform = (typeof platforms)[number]

/** Packages for one platform by their nature. */
const singlePlatform = new Set([
  // The file events of macOS; Vite watches with Node's own elsewhere.
  'fsevents',
])

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
const lockedPackageSchema = z.object({
  os: oneOrMore.optional(),
  cpu: oneOrMore.optional(),
  libc: oneOrMore.optional(),
  optional: z.boolean().default(false),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})
type LockedPackage = z.infer<typeof lockedPackageSchema>
type Packages = Record<string, LockedPackage>
const lockSchema = z.object({ packages: z.record(z.string(), lockedPackageSchema) })

/** A package and its native variants, one a platform, as the lock file has them. */
interface NativeFamily {
  parent: string
  variants: LockedPackage[]
}

function nativeFamilies(packages: Packages): NativeFamily[] {
  return Object.entries(packages)
    .map(([parent, { optionalDependencies }]) => ({
      parent,
      variants: Object.keys(optionalDependencies)
        .filter((name) => !singlePlatform.has(name))
        .flatMap((name) => findPackage(packages, parent, name) ?? [])
        .filter(isNative),
    }))
    .filter(({ variants }) => variants.length > 0)
}

/** Where Node would find it: in the parent's own node_modules, or in one further up. */
function findPackage(packages: Packages, parent: string, name: string): LockedPackage | null {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const found = packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]
    if (found !== undefined) return found
    if (at === '') return null
  }
}

function isNative({ os, cpu }: LockedPackage): boolean {
  return os !== undefined || cpu !== undefined
}

function fits({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  const takes = (wanted: string[] | undefined, value: string | null) =>
    wanted === undefined || value === null || wanted.includes(value)
  return takes(os, platform.os) && takes(cpu, platform.cpu) && takes(libc, platform.libc)
}

/** `koffi: darwin arm64` for each platform on which `npm ci` would leave a package without its native part. */
function missingPlatforms(packages: Packages): string[] {
  const required = Object.entries(packages)
    .filter(([, locked]) => isNative(locked) && !locked.optional)
    .map(([parent, locked]) => ({ parent, variants: [locked] }))
  return [...nativeFamilies(packages), ...required].flatMap(({ parent, variants }) =>
    platforms
      .filter((platform) => !variants.some((variant) => fits(variant, platform)))
      .map(({ os, cpu }) => `${parent}: ${os} ${cpu}`),
  )
}

async function readLock(path: string): Promise<Packages> {
  return lockSchema.parse(JSON.parse(await readFile(join(root, path), 'utf8'))).packages
}

describe.each([['package-lock.json'], ['scripts/node-24/package-lock.json']])('%s', (path) => {
  it('lists the native packages of every platform', async () => {
    const packages = await readLock(path)

    expect(nativeFamilies(packages)).not.toEqual([])
    expect(missingPlatforms(packages)).toEqual([])
  })

  it('would be found out if it lacked one', async () => {
    const packages = await readLock(path)
    const withoutMac = Object.entries(packages).filter(([, { os }]) => !os?.includes('darwin'))

    const missing = missingPlatforms(Object.fromEntries(withoutMac))

    expect(missing).toHaveLength(nativeFamilies(packages).length)
    for (const line of missing) expect(line).toMatch(/: darwin arm64$/)
  })
})
