import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { buildForNode } from './test-support/build-entry.js'

it.skipIf(process.platform === 'win32')('a process ends now although a native call is running', async () => {
  const built = await buildForNode('child/test-support/blocked-process.ts')
  const child = spawn(process.execPath, [built.path], { stdio: 'inherit' })
  try {
    expect(await once(child, 'exit')).toEqual([3, null])
  } finally {
    child.kill('SIGKILL')
    await built.dispose()
  }
})
