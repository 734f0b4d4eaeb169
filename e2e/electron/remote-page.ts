import WebSocket from 'ws'
import { eventually } from '../tandem-process.js'
import type { HostPage } from './host-calls.js'

/** The page of an app that was started with `--remote-debugging-port`: the only way in that a package leaves. */
export interface RemotePage extends HostPage {
  close(): void
}

export async function openRemotePage(port: number): Promise<RemotePage> {
  let address = ''
  await eventually('its page can be reached', 60_000, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null)
    const targets = ((await answer?.json()) ?? []) as { url: string; webSocketDebuggerUrl: string }[]
    address = targets.find(({ url }) => url.startsWith('app://'))?.webSocketDebuggerUrl ?? ''
    return address !== ''
  })
  const socket = new WebSocket(address)
  await new Promise((resolve) => socket.once('open', resolve))
  let calls = 0
  return {
    evaluate(expression) {
      const id = ++calls
      return new Promise((resolve, reject) => {
        socket.on('message', function hear(data) {
          const answer = JSON.parse(String(data)) as Answer
          if (answer.id !== id) return
          socket.off('message', hear)
          const { result, exceptionDetails } = answer.result
          if (exceptionDetails !== undefined) reject(new Error(JSON.stringify(exceptionDetails)))
          else resolve(result.value)
        })
        const params = { expression, awaitPromise: true, returnByValue: true }
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
      })
    },
    close: () => socket.close(),
  }
}

interface Answer {
  id: number
  result: { result: { value: unknown }; exceptionDetails?: unknown }
}
