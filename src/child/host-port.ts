import { TandemError } from '../shared/errors.js'

/** A child program's raw end of the conversation with its host: Node's IPC channel, or Electron's parent port. */
export interface HostPort<Message> {
  /** Resolves when the message is with the operating system; to a host that is gone, it is lost. */
  post(message: Message): Promise<void>
  /** Lets the process end. */
  close(): void
}

/** What Electron gives a utility process instead of `process.send`. */
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * Opens this process's port to the host that started it. `onMessage` gets messages as they come, not validated;
 * `onClose` is called when the host is gone.
 *
 * Throws `no-host` where nothing started this process that it could talk to.
 */
export function openHostPort<Message>(handlers: {
  onMessage(message: unknown): void
  onClose(): void
}): HostPort<Message> {
  const parentPort = (process as { parentPort?: ElectronParentPort }).parentPort
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data }) => handlers.onMessage(data))
    return { post: async (message) => parentPort.postMessage(message), close() {} }
  }
  if (process.send === undefined) {
    throw new TandemError({
      code: 'no-host',
      message: 'this program was started without a host',
      hint: 'It is a part of Tandem that Tandem starts itself: use `tandem run` or `npm start`.',
    })
  }
  process.on('message', handlers.onMessage)
  process.on('disconnect', handlers.onClose)
  return {
    post: (message) => new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve())),
    close() {
      if (process.connected) process.disconnect()
    },
  }
}
