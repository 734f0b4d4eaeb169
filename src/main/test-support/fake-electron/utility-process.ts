import { type ChildProcess, fork, type Serializable } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { PassThrough } from 'node:stream'
import type * as Electron from 'electron'

export interface FakeUtilityHost {
  /** The file parent-port.mjs, which every child loads first. */
  parentPort: string
  onDeath(details: Electron.Details): void
}

type Members = Pick<Electron.UtilityProcess, 'pid' | 'stdout' | 'stderr' | 'kill' | 'postMessage'>

/** What is observable of a utility process, over a real process. */
export class FakeUtilityProcess extends EventEmitter implements Members {
  pid: number | undefined
  stdout: PassThrough | null = new PassThrough()
  stderr: PassThrough | null = new PassThrough()
  private child: ChildProcess | null = null
  private early: unknown[] = []
  private killed = false
  private ended = false

  constructor(
    private readonly host: FakeUtilityHost,
    modulePath: string,
    args: string[],
    readonly options: Electron.ForkOptions,
  ) {
    super()
    check(options)
    // A process is launched while the caller goes on.
    setTimeout(() => this.launch(modulePath, args), 5)
  }

  postMessage(message: unknown): void {
    if (this.ended) throw new Error('postMessage to a utility process that is gone ends the app')
    if (this.child === null) this.early.push(message)
    else if (this.child.connected) this.child.send(message as Serializable, () => {})
  }

  kill(): boolean {
    if (this.pid === undefined) return false
    this.killed = true
    return this.child?.kill('SIGTERM') ?? false
  }

  private launch(modulePath: string, args: string[]): void {
    const child = fork(modulePath, args, {
      env: this.options.env as NodeJS.ProcessEnv,
      execArgv: ['--import', this.host.parentPort],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.child = child
    this.pid = child.pid
    child.stdout?.pipe(this.stdout as PassThrough)
    child.stderr?.pipe(this.stderr as PassThrough)
    child.on('message', (message) => this.emit('message', message))
    child.on('exit', (code, signal) => this.exited(code, signal))
    this.emit('spawn')
    for (const message of this.early.splice(0)) this.postMessage(message)
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.ended = true
    this.pid = undefined
    const status = signal === null ? (code ?? 0) : waitStatus(signal)
    this.emit('exit', this.killed && (signal === 'SIGTERM' || signal === 'SIGKILL') ? 0 : status)
    for (const stream of [this.stdout, this.stderr]) stream?.removeAllListeners()
    this.stdout = null
    this.stderr = null
    if (signal === null) return
    const reason = dumpsCore(signal) ? 'crashed' : 'killed'
    const { serviceName } = this.options
    // It comes from elsewhere in Electron, in no fixed order with `exit`.
    setTimeout(() => {
      this.host.onDeath({
        type: 'Utility',
        reason,
        exitCode: status,
        serviceName: 'node.mojom.NodeService',
        name: serviceName ?? '',
      })
    }, 5)
  }
}

/** As waitpid(2) has it. */
function waitStatus(signal: NodeJS.Signals): number {
  return constants.signals[signal] | (dumpsCore(signal) ? 0x80 : 0)
}

function dumpsCore(signal: NodeJS.Signals): boolean {
  return ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP', 'SIGSYS'].includes(signal)
}

function check({ env, stdio, serviceName }: Electron.ForkOptions): void {
  for (const [name, value] of Object.entries(env ?? {}))
    if (typeof value !== 'string') throw new TypeError(`Invalid value for env: ${name}`)
  if (!Array.isArray(stdio) || stdio[0] !== 'ignore')
    throw new Error('stdin value other than ignore is not supported.')
  if (typeof serviceName !== 'string') throw new Error('serviceName must be a string.')
}
