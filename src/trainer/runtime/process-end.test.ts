import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import { nodeBinaries } from '../../child/test-support/node-binaries.js'
import { describeWithTensorFlow, tensorflowLibraryDir } from '../test-support/tensorflow.js'

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

function run(node: string, parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(node, [...parameters], (_error, output) => {
      resolve({ code: child.exitCode, signal: child.signalCode, output })
    })
  })
}

describeWithTensorFlow('a process that loaded TensorFlow', () => {
  let built: BuiltEntry
  beforeAll(async () => {
    built = await buildForNode('trainer/test-support/tensorflow-process.ts')
  })
  afterAll(() => built.dispose())

  // Unloading a library whose threads still run ends a process with a segmentation fault instead.
  for (const { name, path } of nodeBinaries) {
    it.skipIf(path === null)(`ends with its own exit code on ${name}`, async () => {
      const ended = await run(path as string, [built.path, tensorflowLibraryDir, '7'])
      expect(ended).toMatchObject({ code: 7, signal: null, output: expect.stringContaining('answer 42') })
    })
  }
})
