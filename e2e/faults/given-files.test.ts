import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { scenes, single } from './scene.js'
import { storageFaults } from './table/storage.js'

const stage = scenes()

describe.runIf(process.platform === 'linux')('where a results file is wanted', { timeout: 180_000 }, () => {
  const commands: ((path: string) => string[])[] = [
    (path) => ['report', path, '--html', join(stage.scene.folder, 'out', 'report.html')],
    (path) => ['compare', path, path],
    (path) => ['history', 'import', path],
  ]

  it.each([
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a compressed file', (path: string) => writeFileSync(path, gzipSync('{}'))],
    ['UTF-16', (path: string) => writeFileSync(path, '\ufeff{"a":1}', 'utf16le')],
  ])('%s is named, and never waited for', async (_what, make) => {
    const { says, exitCode } = storageFaults['other-file']
    const path = join(stage.scene.folder, 'given.json')
    make(path)
    for (const parameters of commands.map((command) => command(path))) {
      const command = stage.scene.start(parameters)
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(`given.json ${says}`)
      expect(command.output().trim().split('\n')).toHaveLength(1)
    }
    await stage.scene.expectNothingLeft()
  })

  it('a pipe that a shell hands over is read', async () => {
    expect(await stage.scene.run(single).ended()).toBe(0)
    const path = `<(cat '${stage.scene.outputFile}')`
    const command = stage.scene.start(['compare'], {
      launcher: ['bash', '-c', `exec "$@" ${path} ${path}`, 'bash'],
    })
    // Both are read; a trainer that trains nothing has figures that nobody should rely on.
    expect(await command.ended(), command.output()).toBe(1)
    expect(command.output()).toMatch(/Settings and machine are the same\.[\s\S]*\(unreliable\)/)
    await vi.waitFor(() => expect(stage.scene.processes()).toEqual([]))
  })
})
