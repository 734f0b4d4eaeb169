import { describe, expect, it } from 'vitest'
import { runArguments } from '../run/run-command.js'
import { runConfigurationSchema } from '../run/run-configuration.js'
import { runTitle } from '../run/run-title.js'
import type { Script } from './script.js'
import { configurationOf } from './script-configuration.js'

const script: Script = {
  ...{
    command: ['python', 'train.py', '--name', 'my run'],
    folder: '/project',
    worlds: [1, 2],
    launcher: 'tandem',
  },
  ...{
    isInScratch: false,
    steps: 40,
    warmUpSteps: 5,
    perDeviceBatch: null,
    globalBatch: 64,
    startSeconds: 600,
  },
}
const plan = { repeats: 3, seed: 7, deviceKind: 'cpu' } as const

describe('a script as a configuration', () => {
  it.each([[[1]], [[2]], [[1, 2]], [[2, 4]], [[1, 2, 4, 8]]])(
    'is one that can be kept: ranks %j',
    (worlds) => {
      const configuration = configurationOf({ ...script, worlds }, plan)
      expect(runConfigurationSchema.parse(configuration)).toEqual(configuration)
    },
  )

  it('is called by its command', () => {
    expect(runTitle({ configuration: configurationOf(script, plan) })).toBe(
      "Script: python train.py --name 'my run'",
    )
  })

  it('is called by nothing that a terminal would obey', () => {
    const command = ['python', 'train.py', '\u001b[2J', 'a\nb']
    expect(runTitle({ configuration: configurationOf({ ...script, command }, plan) })).toBe(
      "Script: python train.py '[2J' 'a b'",
    )
  })

  it('knows the command that measures it again', () => {
    expect(runArguments(configurationOf(script, plan))).toEqual([
      ...['measure', '--devices', '1,2', '--device-kind', 'cpu', '--repeats', '3', '--seed', '7'],
      ...['--steps', '40', '--warm-up', '5', '--global-batch', '64', '--launcher', 'tandem'],
      ...['--start-limit', '600', '--folder', '/project', '--', ...script.command],
    ])
  })

  it("knows node 0's of several machines", () => {
    const words = runArguments(configurationOf(script, plan), 2)
    expect(words.slice(words.indexOf('--nnodes'))).toEqual([
      ...['--nnodes', '2', '--node-rank', '0', '--rdzv-endpoint', 'HOST:PORT'],
      ...['--rdzv-secret-file', 'FILE', '--folder', '/project', '--', ...script.command],
    ])
  })
})
