import { settlesWithin } from '../within.js'
import type { SpawnCommand } from './child-program.js'
import { lastMessagesMs, openProgramSocket, type Peer } from './program-socket.js'
import { startProgram } from './start-program.js'

/**
 * Starts a program in any language, under plain Node and in Electron alike; it connects by itself and speaks in JSON
 * lines. It leads a process group of its own, so that Ctrl-C in a terminal reaches the host alone, and what it started
 * ends with it. Of a group, one command starts all ranks (`rank-group.ts`).
 */
export const spawnSocketChild: SpawnCommand = (options) => {
  if (options.group !== undefined) return options.group.join(options)
  const unsent: unknown[] = []
  let peer: Peer | null = null
  let closed!: () => void
  const connectionClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  const socket = openProgramSocket((candidate) => {
    if (peer !== null || candidate.hello.rank !== options.rank) return null
    peer = candidate
    for (const message of unsent.splice(0)) candidate.send(message)
    // Its one guest is in: from here on there is nothing to find.
    setImmediate(() => socket.close())
    return {
      onMessage: options.onMessage,
      onProblem: options.onProblem,
      onClose() {
        closed()
        options.onDisconnect()
      },
    }
  })
  const started = startProgram(options, socket.environment)
  const isSilent = started.gone.then(async () => {
    if (peer !== null) await settlesWithin(lastMessagesMs, connectionClosed)
    peer?.close()
    socket.close()
  })
  void Promise.all([started.exit, isSilent]).then(([exit]) => options.onExit(exit))
  return {
    /** What it says of itself: behind a launcher it is another process than the one started. */
    get pid() {
      return peer?.hello.pid ?? started.pid
    },
    send(message) {
      if (peer === null) unsent.push(message)
      else peer.send(message)
    },
    terminate: started.terminate,
    kill() {
      started.kill()
      // Ranks that a launcher put beyond its group's reach end when their connection does.
      peer?.close()
    },
  }
}
