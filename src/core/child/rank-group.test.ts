import { describe, expect, it } from 'vitest'
import { eventually } from '../../../e2e/eventually.js'
import { socketVariable, tokenVariable } from '../../shared/child/socket-carrier.js'
import type { ChildProgram, CommandOptions } from './child-program.js'
import { RankGroup } from './rank-group.js'

/** A command of two ranks that are done at once; each ends when it is told to stop. */
const twoRanks = `
const { connect } = require('node:net')
for (const rank of [2, 3]) {
  const socket = connect(process.env.${socketVariable})
  const say = (message) => socket.write(JSON.stringify(message) + '\\n')
  say({ type: 'hello', version: 1, token: process.env.${tokenVariable}, pid: process.pid, rank })
  say({ type: 'done', peakMemoryBytes: 1 })
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk
    if (heard.includes('"stop"')) socket.end()
  })
}
`

interface Joined {
  program: ChildProgram
  heard: string[]
}

function join(group: RankGroup, rank: number, script: string): Joined {
  const heard: string[] = []
  const options: CommandOptions = {
    ...{ name: `rank-${rank}`, title: `Rank ${rank}`, rank, environment: process.env },
    command: [process.execPath, '-e', script],
    onMessage: (message) => heard.push((message as { type: string }).type),
    onOutput: () => {},
    onProblem: (problem) => heard.push(problem),
    onDisconnect: () => {},
    onExit: ({ code }) => heard.push(`exit ${code}`),
  }
  return { program: group.join(options), heard }
}

describe('the ranks of one command', () => {
  it('end once all of them are done, where there are no others', async () => {
    const group = new RankGroup(2)
    const ranks = [2, 3].map((rank) => join(group, rank, twoRanks))
    await eventually('they have ended', 20_000, () => ranks.every(({ heard }) => heard.length === 2))
    expect(ranks.map(({ heard }) => heard)).toEqual([
      ['done', 'exit 0'],
      ['done', 'exit 0'],
    ])
  })

  it('wait for those elsewhere, until their host says that all are done', async () => {
    const group = new RankGroup(2, { isWhole: false })
    const ranks = [2, 3].map((rank) => join(group, rank, twoRanks))
    await eventually('they are done', 20_000, () => ranks.every(({ heard }) => heard.length > 0))
    ranks[0]?.program.send({ type: 'stop' })
    expect(ranks.map(({ heard }) => heard)).toEqual([['done'], ['done']])
    ranks[1]?.program.send({ type: 'stop' })
    await eventually('they have ended', 20_000, () => ranks.every(({ heard }) => heard[1] === 'exit 0'))
  })

  it('are one process each: a second one that says it is a rank is a failure of that rank', async () => {
    const twins = twoRanks.replace('[2, 3]', '[2, 2]').replace(/ {2}say\(\{ type: 'done'.*\n/, '')
    const { program, heard } = join(new RankGroup(1), 2, twins)
    await eventually('it is told', 20_000, () => heard.length > 0)
    program.kill()
    await eventually('it has ended', 20_000, () => heard.length === 2)
    expect(heard).toEqual(['failed', 'exit null'])
  })

  it('that comes after its command has ended ends as the command did, and starts none', async () => {
    const group = new RankGroup(2, { isWhole: false })
    const first = join(group, 2, 'process.exit(3)')
    await eventually('it has ended', 20_000, () => first.heard.length > 0)
    const second = join(group, 3, 'process.exit(4)')
    expect(second.heard).toEqual([])
    await eventually('the second one hears of it', 20_000, () => second.heard.length > 0)
    expect([first.heard, second.heard]).toEqual([['exit 3'], ['exit 3']])
  })
})
