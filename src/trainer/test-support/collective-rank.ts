import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { toErrorReport } from '../../shared/errors.js'
import { hash4 } from '../../shared/random.js'
import type { HostAllReduce } from '../collectives/all-reduce.js'
import { createFileAllReduce } from '../collectives/files.js'
import { createSharedMemoryAllReduce } from '../collectives/shared-memory.js'
import type { GroupPlan, RankAnswer, RankRequest, Rounds, RoundsResult } from './collective-protocol.js'
import { nearestBfloat16 } from './reference-bfloat16.js'

/** One rank of a test's group: a process that does what its parent asks for. */
const groupStop = new AbortController()
let callStop = new AbortController()
let group: HostAllReduce | undefined

process.on('message', async (message: RankRequest) => {
  let answer: RankAnswer
  try {
    answer = { id: message.id, answer: await carryOut(message) }
  } catch (error) {
    answer = { id: message.id, error: toErrorReport(error) }
  }
  process.send?.(answer)
})

async function carryOut({ call, request }: RankRequest): Promise<object> {
  switch (call) {
    case 'join':
      group = await join(request.plan, request.rank)
      return { description: group.description }
    case 'rounds':
      return runRounds(joined(), request)
    case 'sum':
      callStop = new AbortController()
      return joined().sum(callStop.signal)
    case 'broadcast':
      return broadcast(joined())
    case 'abort':
      if (request.which === 'group') groupStop.abort()
      else callStop.abort()
      return {}
    case 'close':
      joined().close()
      joined().close()
      return {}
  }
}

function join({ implementation, place, ...shape }: GroupPlan, rank: number): Promise<HostAllReduce> {
  const common = { ...shape, rank, signal: groupStop.signal }
  return implementation === 'shared-memory'
    ? createSharedMemoryAllReduce({ ...common, path: place })
    : createFileAllReduce({ ...common, directory: place })
}

function joined(): HostAllReduce {
  if (group === undefined) throw new Error('this rank has joined no group')
  return group
}

async function runRounds(member: HostAllReduce, rounds: Rounds): Promise<RoundsResult> {
  const { rank, worldSize, elementCount } = member
  const own = new Float32Array(elementCount)
  const result = new Float32Array(elementCount)
  const digest = createHash('sha256')
  let wrongElements = 0
  for (let round = 0; round < rounds.count; round++) {
    for (let element = 0; element < elementCount; element++)
      own[element] = elementValue(rounds, rank, round, element)
    await comeLate(rank, round, rounds.longestDelayMs)
    member.write(0, own, rounds.format)
    await member.sum(undefined, rounds.format)
    member.read(0, result)
    digest.update(result)
    for (let element = 0; element < elementCount; element++) {
      let expected = 0
      for (let other = 0; other < worldSize; other++) {
        expected = Math.fround(expected + travelled(rounds, elementValue(rounds, other, round, element)))
      }
      if (result[element] !== expected) wrongElements += 1
    }
  }
  return { wrongElements, digest: digest.digest('hex') }
}

/** Each rank has other values; after a broadcast all must read those of rank 0. */
async function broadcast(member: HostAllReduce): Promise<RoundsResult> {
  const vectorOf = (rank: number) =>
    Float32Array.from({ length: member.elementCount }, (_, element) =>
      elementValue({ values: 'fractions' }, rank, 0, element),
    )
  member.write(0, vectorOf(member.rank))
  await member.broadcast()
  const result = new Float32Array(member.elementCount)
  member.read(0, result)
  const expected = vectorOf(0)
  const wrongElements = result.filter((value, element) => value !== expected[element]).length
  return { wrongElements, digest: createHash('sha256').update(result).digest('hex') }
}

function elementValue(
  { values }: Pick<Rounds, 'values'>,
  rank: number,
  round: number,
  element: number,
): number {
  const whole = ((element * 7 + rank * 131 + round * 29) % 2001) - 1000
  return values === 'whole' ? whole : Math.fround(whole / 7 + rank / 1000)
}

function travelled({ format }: Rounds, value: number): number {
  return format === 'bfloat16' ? nearestBfloat16(value) : value
}

async function comeLate(rank: number, round: number, longestDelayMs: number): Promise<void> {
  const [lot, length] = hash4(rank, round, 0, 0)
  if (longestDelayMs > 0 && lot % 8 === 0) await sleep(length % (longestDelayMs + 1))
}
