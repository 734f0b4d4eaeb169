import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { BuiltEntry } from '../../src/child/test-support/build-entry.js'
import { recordedEventSchema } from '../../src/shared/live/live-event.js'
import { RandomStream } from '../../src/shared/random.js'
import { buildTandem, type Command, Scene } from './scene.js'

/*
 * Kills at random, and checks what must hold whatever was killed: no orphan, no broken line, no lost run. A few rounds in
 * every test run; `npm run storm -- --minutes 20` goes on for as long as it is told.
 */

const { STORM_MINUTES: minutes = '0', STORM_SEED: seed = '1' } = process.env
const fewestRounds = 3

let tandem: BuiltEntry
let scene: Scene
beforeAll(async () => {
  tandem = await buildTandem()
  scene = new Scene(tandem)
})
afterAll(async () => {
  scene.dispose()
  await tandem.dispose()
})

const stream = new RandomStream(Number(seed), 0)
const random = () => stream.uniform()
const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]

const strategies = ['single', 'dp', 'ddp', 'single,dp,ddp']
const signals: readonly NodeJS.Signals[] = [
  'SIGKILL',
  'SIGKILL',
  'SIGSEGV',
  'SIGTERM',
  'SIGSTOP',
  'SIGINT',
  'SIGHUP',
]

it.runIf(process.platform === 'linux')(
  `a storm of seed ${seed}`,
  { timeout: 600_000 + Number(minutes) * 60_000 },
  async () => {
    const endsAtMs = performance.now() + Number(minutes) * 60_000
    const seen = new Set<string>()
    let round = 0
    let frozen = 0
    for (; round < fewestRounds || performance.now() < endsAtMs; round++) {
      const what = await strike()
      if (await leavesFrozen(`round ${round}: ${what}`)) frozen++
      await checkHistory(seen, `round ${round}: ${what}`)
    }
    expect(seen.size, 'runs that were struck').toBeGreaterThan(0)
    // What finishes what was left: any run does.
    const last = scene.run(['--strategies', 'single'])
    expect(await last.ended(), last.output()).toBe(0)
    await scene.expectNothingLeft()
    if (minutes !== '0')
      console.log(
        `${round} rounds, ${seen.size} runs, seed ${seed}: no orphan, no broken line, no lost run; ${frozen} times the next start ended what was frozen before it could be bound to its host`,
      )
  },
)

/** One run, and something done to it. Returns what, for people. */
async function strike(): Promise<string> {
  const strategy = pick(strategies) ?? 'single'
  const command = scene.run(['--strategies', strategy], {
    trainers: { stepDelayMs: 50, stepsPerEpoch: 40 },
    sampler: 'real',
    timeouts: { silenceMs: 5_000, stopAfterFailureMs: 300, exitMs: 300, terminateMs: 300 },
  })
  const isStarting = random() < 0.3
  if (!isStarting) await command.printed(/Warm-up/)
  const afterMs = Math.round(random() * (isStarting ? 1_500 : 3_000))
  await delay(afterMs)
  const struck: string[] = []
  for (let count = 1 + Math.floor(random() * 2); count > 0; count--) {
    const victim = pick(scene.processes())
    const signal = pick(signals) ?? 'SIGKILL'
    if (victim === undefined) continue
    struck.push(`${signal} for ${victim.name} (${victim.pid})`)
    strikeDown(victim.pid, signal)
    await delay(random() * 300)
  }
  // Whatever lives on comes to an end by itself, and what is frozen is ended with its host.
  await endWithin(command, 10_000)
  const since = isStarting ? 'its start' : 'its warm-up'
  return `${strategy}, ${afterMs} ms after ${since}: ${struck.join(', ')}`
}

/**
 * All processes end by themselves, or by the kernel's hand. One that is frozen before its first act, which is to ask the
 * kernel for its end, is ended by whatever starts next: true where there was one.
 */
async function leavesFrozen(what: string): Promise<boolean> {
  const isRunning = () => scene.processes().filter(({ isFrozen }) => !isFrozen)
  await vi.waitFor(() => expect(isRunning(), what).toEqual([]), { timeout: 60_000, interval: 50 })
  for (let left = 40; left > 0 && scene.processes().length > 0; left--) await delay(50)
  if (scene.processes().length === 0) return false
  expect(what).toContain('SIGSTOP')
  const next = scene.run(['--strategies', 'single'])
  expect(await next.ended(), next.output()).toBe(0)
  await vi.waitFor(() => expect(scene.processes(), what).toEqual([]), { timeout: 10_000, interval: 50 })
  return true
}

function strikeDown(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just ended.
  }
}

async function endWithin(command: Command, ms: number): Promise<void> {
  const ended = await Promise.race([command.ended().then(() => true), delay(ms, false)])
  if (!ended) command.child.kill('SIGKILL')
  await command.ended()
}

/** Every run that was ever listed still is, ended, and holds whole lines. */
async function checkHistory(seen: Set<string>, what: string): Promise<void> {
  const runs = await scene.list()
  const listed = new Set(runs.map(({ runId }) => runId))
  expect(
    [...seen].filter((runId) => !listed.has(runId)),
    `lost, ${what}`,
  ).toEqual([])
  for (const { runId, status } of runs) {
    expect(status, `${runId}, ${what}`).not.toBe('running')
    if (!seen.has(runId)) expectWholeLines(join(scene.data, 'runs', runId, 'recording.jsonl'), what)
    seen.add(runId)
  }
  const history = join(scene.data, 'runs')
  const folders = (existsSync(history) ? readdirSync(history) : []).filter((name) => /^\d{8}-/.test(name))
  expect(folders.sort(), `folders, ${what}`).toEqual([...listed].sort())
}

/** Only what follows the last end of a line may be half of one. */
function expectWholeLines(path: string, what: string): void {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  for (const line of lines)
    expect(recordedEventSchema.safeParse(JSON.parse(line)).success, `${line}, ${what}`).toBe(true)
}
