import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../bootstrap/child-process.mjs'
import { root } from '../bootstrap/root.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-reporter-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** What the reporter counts in a run of vitest over the given test files. */
async function countsOf(files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporter = JSON.stringify(join(root, 'scripts', 'testing', 'count-reporter.ts'))
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    `import { CountReporter } from ${reporter}
     export default { test: { globals: true, reporters: [new CountReporter()] } }`,
  )
  const countsFile = join(folder, 'counts.json')
  const { code } = await runProgram(process.execPath, [vitest, 'run', '--root', folder], {
    cwd: folder,
    env: { ...process.env, TANDEM_TEST_COUNTS_FILE: countsFile },
  })
  return { code, counts: JSON.parse(await readFile(countsFile, 'utf8')) }
}

describe('CountReporter', () => {
  it('counts tests, with the reason why the skipped ones were', async () => {
    const { code, counts } = await countsOf({
      'a.test.js': `
        it('passes', () => {})
        it('fails', () => expect(1).toBe(2))
        it('is skipped in its body', (context) => context.skip('no GPU'))
        it.skip('is skipped', () => {})
        describe.skip('a suite (skipped: no TensorFlow (yet))', () => {
          it('one', () => {})
          describe('deeper', () => it('two', () => {}))
        })`,
      'b.test.js': "it('passes elsewhere', () => {})",
    })

    expect(code).toBe(1)
    expect(counts).toEqual({
      passed: 2,
      failed: 1,
      skipped: 4,
      skipReasons: ['no GPU', 'no reason given (a.test.js)', 'no TensorFlow (yet)'],
    })
  })

  it('counts a file that does not load, and a hook that throws', async () => {
    const { code, counts } = await countsOf({
      'a.test.js': "throw new Error('broken file')",
      'b.test.js': "describe('s', () => { beforeAll(() => { throw new Error('no') }); it('t', () => {}) })",
    })

    expect(code).toBe(1)
    expect(counts.failed).toBe(2)
    expect(counts.passed).toBe(0)
  })
})
