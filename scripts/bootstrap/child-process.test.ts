import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { Interrupted, runProgram } from './child-process.mjs'

const node = (code: string) => ['--eval', code]

describe('runProgram', () => {
  it('answers the exit code', async () => {
    expect(await runProgram(process.execPath, node('process.exit(7)'), { cwd: '.' })).toEqual({
      code: 7,
      stdout: '',
    })
  })

  it('answers 128 + n for a program that signal n ended, as shells do', async () => {
    const { code } = await runProgram(process.execPath, node("process.kill(process.pid, 'SIGKILL')"), {
      cwd: '.',
    })

    expect(code).toBe(137)
  })

  it('captures what the program prints', async () => {
    const { stdout } = await runProgram(process.execPath, node("console.log('grüß')"), {
      cwd: '.',
      output: 'capture',
    })

    expect(stdout).toBe('grüß\n')
  })

  it('rejects for a program that is not there', async () => {
    await expect(runProgram('no-such-program', [], { cwd: '.' })).rejects.toThrow('ENOENT')
  })

  it.runIf(process.platform !== 'win32').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('passes %s on, waits for the program, and then ends with %i', async (signal, exitCode) => {
    const module = new URL('./child-process.mjs', import.meta.url).href
    const inner = `
      process.on('${signal}', () => { console.log('cleaned up'); process.exit(0) })
      setInterval(() => {}, 1000)
      console.log('inner runs')`
    const outer = `
      import { Interrupted, runProgram } from ${JSON.stringify(module)}
      try {
        await runProgram(process.execPath, ['--eval', ${JSON.stringify(inner)}], { cwd: '.', output: 'inherit' })
      } catch (error) {
        process.exit(error instanceof Interrupted ? error.exitCode : 99)
      }`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', outer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = once(child, 'close')
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line === 'inner runs') child.kill(signal)
    }

    expect(await closed).toEqual([exitCode, null])
    expect(lines).toEqual(['inner runs', 'cleaned up'])
  })
})

describe('Interrupted', () => {
  it('knows the exit code of its signal', () => {
    expect(new Interrupted('SIGINT').exitCode).toBe(130)
  })
})
