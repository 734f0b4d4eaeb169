import type { IpcMain, MessagePortMain, WebFrameMain } from 'electron'
import type { ToPage, Wire } from '../shared/contract/wire.js'
import { type ConnectionRefusal, channels } from '../shared/desktop/desktop-bridge.js'
import { TandemError } from '../shared/errors.js'
import { messagePortWire } from './message-port-wire.js'
import { pageOrigin } from './page-protocol.js'

/**
 * Lets pages connect: the only way from a page into the main process. Whoever is not our page, in the window's own
 * frame, is told so over the port that it brought, and gets no further.
 */
export function acceptPages(ipcMain: IpcMain, onPage: (wire: Wire<ToPage>) => void): void {
  ipcMain.on(channels.connect, ({ senderFrame, ports }) => {
    const [port, ...more] = ports
    const reason = more.length > 0 ? 'it brought more than one port' : whyNotOurPage(senderFrame)
    if (port !== undefined && reason === null) onPage(messagePortWire(port))
    else refuse(ports, reason ?? 'it brought no port')
  })
}

/** Null for our page. A frame that has gone meanwhile cannot be asked who it was. */
function whyNotOurPage(frame: Pick<WebFrameMain, 'origin' | 'parent'> | null): string | null {
  if (frame === null) return 'its frame is gone'
  if (frame.parent !== null) return 'it is embedded in another page'
  return frame.origin === pageOrigin ? null : `it comes from ${frame.origin}`
}

function refuse(ports: readonly MessagePortMain[], reason: string): void {
  const error = new TandemError({
    code: 'sender-refused',
    message: `a page was not let in: ${reason}`,
    hint: 'Only the dashboard’s own page may connect to Tandem.',
  })
  console.error(`tandem: ${error.message}`)
  const refusal: ConnectionRefusal = { type: 'refused', error: error.toReport() }
  for (const port of ports) {
    port.postMessage(refusal)
    port.close()
  }
}
