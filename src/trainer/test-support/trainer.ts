import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FromTrainer, ToTrainer, TrainerJob } from '../../shared/child/trainer-protocol.js'
import type { NetworkNamespace } from './network-namespace.js'

type Message<Type extends FromTrainer['type']> = Extract<FromTrainer, { type: Type }>

/** A trainer process, the real program, and what it has said. */
export interface Trainer {
  readonly process: ChildProcess
  send(message: ToTrainer): void
  /**
   * Resolves with its first message of this kind, said already or still to come; rejects if it ends without
   * one, with what it said and printed last.
   */
  says<Type extends FromTrainer['type']>(type: Type): Promise<Message<Type>>
  /** Its exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>
}

/** Starts the built program `path` inside `network` and gives it `job`. */
export function startTrainer(path: string, network: NetworkNamespace, job: TrainerJob): Trainer {
  const [execPath, ...execArgv] = [...network.enter, process.execPath] as [string, ...string[]]
  const child = fork(path, { execPath, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const said: FromTrainer[] = []
  let printed = ''
  let ended = false
  let check = (): void => {}

  child.stderr?.on('data', (text) => {
    printed = (printed + text).slice(-2_000)
  })
  child.on('message', (message: FromTrainer) => {
    said.push(message)
    check()
  })
  const exit = once(child, 'exit').then(([code, signal]) => {
    ended = true
    check()
    return (code ?? signal) as number | NodeJS.Signals
  })
  child.send({ type: 'start', job } satisfies ToTrainer)

  return {
    process: child,
    exit,
    send: (message) => child.send(message),
    says: (type) =>
      new Promise((resolve, reject) => {
        check = () => {
          const message = said.find((candidate) => candidate.type === type)
          if (message !== undefined) resolve(message as Message<typeof type>)
          else if (ended) reject(new Error(`it ended after ${JSON.stringify(said.at(-1))}\n${printed}`))
        }
        check()
      }),
  }
}
