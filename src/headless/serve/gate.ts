import type { IncomingMessage } from 'node:http'
import type { Access } from './access.js'

/** What a request is let in to do, or the status that refuses it. */
export type GateDecision =
  | { let: 'in' }
  /** Its token was right: it gets a cookie and is sent on. */
  | { let: 'log-in' }
  | { refuse: 400 | 401 | 403 | 405 | 421 }

export interface GateRules {
  access: Access
  /** The exact `Host` headers that name this host: `127.0.0.1:6017`. */
  hosts: ReadonlySet<string>
}

/**
 * The one gate of the web host, for plain requests and for WebSockets alike: whatever is not let in here is
 * refused. An exact Host header keeps out pages whose name was made to point here (DNS rebinding); an exact
 * Origin, pages on other ports, to which browsers send the cookie as well.
 */
export function decide(request: IncomingMessage, rules: GateRules, isUpgrade: boolean): GateDecision {
  const host = singleHeader(request, 'host')
  // A path like `//` is one to HTTP, and no URL.
  if (!request.url?.startsWith('/') || !URL.canParse(request.url, 'http://localhost')) return { refuse: 400 }
  if (host === null || !rules.hosts.has(host)) return { refuse: 421 }
  if (request.method !== 'GET') return { refuse: 405 }
  const ownOrigin = `http://${host}`
  const origin = request.headers.origin
  if (origin !== undefined && origin !== ownOrigin) return { refuse: 403 }
  if (isUpgrade) {
    // Browsers always say where a WebSocket comes from; who does not is no page of ours.
    if (origin === undefined) return { refuse: 403 }
    return rules.access.hasCookie(request.headers.cookie) ? { let: 'in' } : { refuse: 401 }
  }
  if (isFromElsewhere(request)) return { refuse: 403 }
  const url = new URL(request.url, ownOrigin)
  if (url.pathname === '/login') {
    const isKnown = rules.access.hasCookie(request.headers.cookie)
    const token = url.searchParams.get('token') ?? ''
    return isKnown || rules.access.spendToken(token) ? { let: 'log-in' } : { refuse: 401 }
  }
  return rules.access.hasCookie(request.headers.cookie) ? { let: 'in' } : { refuse: 401 }
}

/** Another site may link here, which a person then follows; it may not embed or fetch anything. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

/** Node joins or drops repeated headers; a request that repeats this one is not to be understood either way. */
function singleHeader(request: IncomingMessage, name: string): string | null {
  const values: string[] = []
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === name) values.push(request.rawHeaders[index + 1] ?? '')
  }
  return values.length === 1 ? (values[0] as string) : null
}
