import type * as Electron from 'electron'

type RequestHandler = (request: Request) => Response | Promise<Response>
type PermissionRequest = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
type PermissionCheck = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>
type DevicePermission = NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>
type BeforeRequest = (
  details: Pick<Electron.OnBeforeRequestListenerDetails, 'url'>,
  decide: (response: Electron.CallbackResponse) => void,
) => void

export type FakeSession = ReturnType<typeof createFakeSession>

/** A session of a fake app, and a look at what was set up on it. */
export function createFakeSession() {
  const handlers = new Map<string, RequestHandler>()
  let permissionRequest: PermissionRequest | null = null
  let permissionCheck: PermissionCheck | null = null
  let devicePermission: DevicePermission | null = null
  let beforeRequest: { urls: string[]; listener: BeforeRequest } | null = null

  return {
    session: {
      protocol: {
        /** As a window fetches what it is to show. */
        fetch: async (url: string): Promise<Response> => {
          const handler = handlers.get(new URL(url).protocol.slice(0, -1))
          if (handler === undefined) throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`)
          return await handler(new Request(url))
        },
        handle(scheme: string, handler: RequestHandler) {
          if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
          handlers.set(scheme, handler)
        },
      },
      webRequest: {
        onBeforeRequest({ urls }: Electron.WebRequestFilter, listener: BeforeRequest) {
          beforeRequest = { urls: urls ?? [], listener }
        },
      },
      setPermissionRequestHandler(handler: PermissionRequest) {
        permissionRequest = handler
      },
      setPermissionCheckHandler(handler: PermissionCheck) {
        permissionCheck = handler
      },
      setDevicePermissionHandler(handler: DevicePermission) {
        devicePermission = handler
      },
    },
    inspection: {
      handlers,
      /** What the page is told when it asks for a permission; without a handler Electron grants it. */
      askPermission(
        permission: string,
        requestingUrl = 'app://tandem/index.html',
        isMainFrame = true,
      ): boolean {
        let granted = true
        const details = { requestingUrl, isMainFrame }
        permissionRequest?.(
          {} as never,
          permission as never,
          (answer) => {
            granted = answer
          },
          details as never,
        )
        return granted
      },
      checkPermission(permission: string, requestingOrigin = 'app://tandem/'): boolean {
        const details = { isMainFrame: true }
        return permissionCheck?.({} as never, permission as never, requestingOrigin, details as never) ?? true
      },
      checkDevice: (): boolean => devicePermission?.({} as never) ?? true,
      /** Whether a request goes out. */
      async sends(url: string): Promise<boolean> {
        if (beforeRequest === null || !beforeRequest.urls.some((pattern) => matches(pattern, url)))
          return true
        const { listener } = beforeRequest
        return await new Promise((resolve) => listener({ url }, ({ cancel }) => resolve(cancel !== true)))
      },
    },
  }
}

/** As in Chromium's match patterns: a scheme, then any host and path. */
function matches(pattern: string, url: string): boolean {
  return url.startsWith(pattern.slice(0, pattern.indexOf('*')))
}
