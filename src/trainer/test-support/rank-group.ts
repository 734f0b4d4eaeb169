import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { TandemError } from '../../shared/errors.js'
import type { GroupPlan, RankAnswer, RankCalls } from './collective-protocol.js'

/** A process that runs `collective-rank.ts`. */
export interface RankProcess {
  readonly pid: number
  /** Rejects with the error that the rank reported, or if it ends without an answer. */
  ask<Name extends keyof RankCalls>(
    call: Name,
    request: RankCalls[Name]['request'],
  ): Promise<RankCalls[Name]['answer']>
  kill(): Promise<void>
}

/** Starts one rank process each; none of them has joined anything yet. */
export function startRanks(path: string, node: string, count: number): RankProcess[] {
  return Array.from({ length: count }, () => startRank(fork(path, { execPath: node, execArgv: [] })))
}

/** Lets every rank join. Rejects with the first rank's error; `Promise.allSettled` on `ask` sees them all. */
export function joinAll(ranks: RankProcess[], plan: Omit<GroupPlan, 'worldSize'>): Promise<unknown[]> {
  return askAll(ranks, 'join', (rank) => ({ plan: { ...plan, worldSize: ranks.length }, rank }))
}

export function askAll<Name extends keyof RankCalls>(
  ranks: RankProcess[],
  call: Name,
  request: (rank: number) => RankCalls[Name]['request'],
): Promise<RankCalls[Name]['answer'][]> {
  return Promise.all(ranks.map((process, rank) => process.ask(call, request(rank))))
}

function startRank(child: ChildProcess): RankProcess {
  const waiting = new Map<number, { resolve(answer: object): void; reject(error: Error): void }>()
  let nextId = 0

  child.on('message', (message: RankAnswer) => {
    const caller = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) caller?.reject(new TandemError(message.error))
    else caller?.resolve(message.answer)
  })
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the rank ended: ${signal ?? code}`))
    waiting.clear()
  })

  return {
    pid: child.pid ?? 0,
    ask(call, request) {
      return new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve: resolve as (answer: object) => void, reject })
        child.send({ id, call, request })
      })
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}
