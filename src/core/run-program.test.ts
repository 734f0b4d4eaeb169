import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { buildForNode } from '../child/test-support/build-entry.js'
import { runProgram } from './run-program.js'

const node = process.execPath

/** An ended process that nobody has waited for yet still has an id; `ps` shows it as Z. */
function isRunning(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return state !== '' && !state.startsWith('Z')
  } catch {
    return false
  }
}

describe('runProgram', () => {
  it('returns the exit code and both outputs, and lines as they come', async () => {
    const lines: string[] = []
    const result = await runProgram(
      node,
      ['-e', 'console.log("a\\nb"); console.error("c"); process.exitCode = 3'],
      {
        onStdoutLine: (line) => lines.push(line),
      },
    )
    expect(result).toEqual({ ending: 'exited', exitCode: 3, stdout: 'a\nb\n', stderr: 'c\n' })
    expect(lines).toEqual(['a', 'b'])
  })

  it('says that a program does not exist', async () => {
    expect(await runProgram('tandem-no-such-program', [])).toMatchObject({
      ending: 'not-started',
      exitCode: null,
    })
  })

  it('stops a program that takes too long', async () => {
    const result = await runProgram(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 50 })
    expect(result).toMatchObject({ ending: 'timed-out', exitCode: null })
  })

  it('starts nothing once it was cancelled', async () => {
    const result = await runProgram(node, ['-e', 'console.log("ran")'], { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ending: 'stopped', stdout: '' })
  })

  it.skipIf(process.platform === 'win32')(
    'stops what the program started too, even if that ignores a polite request',
    async () => {
      const controller = new AbortController()
      let grandchild = 0
      const stubborn = 'trap "" TERM; while :; do sleep 0.1; done'
      const result = await runProgram('/bin/sh', ['-c', `sh -c '${stubborn}' & echo $!; wait`], {
        signal: controller.signal,
        onStdoutLine: (line) => {
          grandchild = Number(line)
          controller.abort()
        },
      })
      expect(result.ending).toBe('stopped')
      expect(grandchild).toBeGreaterThan(0)
      expect(isRunning(grandchild)).toBe(false)
    },
  )
})

describe.skipIf(process.platform === 'win32')('a program that ends with its host', () => {
  it('is the same in everything else', async () => {
    const script = 'console.log(process.argv[1]); console.error("c"); process.exitCode = 3'
    const result = await runProgram(node, ['-e', script, 'a "b" $c'], { endsWithHost: true })
    expect(result).toEqual({ ending: 'exited', exitCode: 3, stdout: 'a "b" $c\n', stderr: 'c\n' })

    const stopped = await runProgram('sleep', ['1000'], { endsWithHost: true, timeoutMs: 50 })
    expect(stopped).toMatchObject({ ending: 'timed-out', exitCode: null })
  })

  it('has no input', async () => {
    expect(await runProgram('cat', [], { endsWithHost: true })).toMatchObject({ exitCode: 0, stdout: '' })
  })

  it('is gone when the host was killed, even if it was frozen', async () => {
    const built = await buildForNode('core/test-support/leashing-host.ts')
    const host = spawn(node, [built.path], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = await once(host.stdout, 'data')
      const pid = Number(line)
      process.kill(pid, 'SIGSTOP')
      host.kill('SIGKILL')
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 50 })
    } finally {
      host.kill('SIGKILL')
      await built.dispose()
    }
  })
})
