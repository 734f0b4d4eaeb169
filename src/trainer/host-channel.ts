import { openHostPort } from '../child/host-port.js'
import {
  type FromTrainer,
  type StepRecord,
  type ToTrainer,
  toTrainerSchema,
} from '../shared/child/trainer-protocol.js'

/** Steps are collected this long before they are sent, so that telling costs less than what is told. */
const stepBatchMs = 50

/** This process's end of the conversation with its host: Node's IPC channel, or Electron's parent port. */
export interface HostChannel {
  send(message: FromTrainer): void
  /** Queues one step; sent in batches, and before any other message. */
  sendStep(step: StepRecord): void
  /** Resolves when everything sent so far is with the operating system. */
  flush(): Promise<void>
  /** Lets the process end. Call after `flush`. */
  close(): void
}

/**
 * Opens the channel. `onMessage` receives what passed validation; a message that does not is answered with
 * `failed`. `onClose` is called when the host is gone.
 */
export function openHostChannel(handlers: {
  onMessage(message: ToTrainer): void
  onClose(): void
}): HostChannel {
  const receive = (raw: unknown) => {
    const parsed = toTrainerSchema.safeParse(raw)
    if (parsed.success) handlers.onMessage(parsed.data)
    else
      channel.send({ type: 'failed', error: malformed(parsed.error.issues[0]?.message ?? 'not an object') })
  }
  const port = openHostPort<FromTrainer>({ onMessage: receive, onClose: handlers.onClose })
  let queued: StepRecord[] = []
  let sending = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const post = (message: FromTrainer) => {
    const posted = port.post(message)
    sending = sending.then(() => posted)
  }
  const postSteps = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (queued.length === 0) return
    const steps = queued
    queued = []
    post({ type: 'steps', steps })
  }
  const channel: HostChannel = {
    send(message) {
      postSteps()
      post(message)
    },
    sendStep(step) {
      queued.push(step)
      timer ??= setTimeout(postSteps, stepBatchMs)
    },
    flush() {
      postSteps()
      return sending
    },
    close() {
      if (timer !== null) clearTimeout(timer)
      port.close()
    },
  }
  return channel
}

function malformed(issue: string) {
  return {
    code: 'malformed-message',
    message: `the host sent a message that is not understood: ${issue}`,
    hint: 'Host and trainer are of different versions; rebuild Tandem.',
  }
}
