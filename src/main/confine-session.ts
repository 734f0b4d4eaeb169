import type { Session } from 'electron'
import { isPageUrl } from './page-protocol.js'

/**
 * Shuts in what any page can ask of Electron, which grants what nobody refuses: camera, location, USB, any address.
 * The dashboard needs one thing of all that, the full screen to present on.
 */
export function confineSession(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'webRequest'
  >,
): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl, isMainFrame }) =>
    decide(permission === 'fullscreen' && isMainFrame && isPageUrl(requestingUrl)),
  )
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { isMainFrame }) =>
      permission === 'fullscreen' && isMainFrame && isPageUrl(origin),
  )
  session.setDevicePermissionHandler(() => false)
  // The page's policy says so too; this holds whatever a page says.
  const elsewhere = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file:///*']
  session.webRequest.onBeforeRequest({ urls: elsewhere }, (_details, decide) => decide({ cancel: true }))
}
