import type { IncomingMessage } from 'node:http'
import type { Access, Admission } from './access.js'

export type RefusalStatus = 400 | 401 | 403 | 405 | 421

/** What a request is let in to do, or the status that refuses it. */
export type GateDecision =
  | { let: 'in' }
  /** Its token was right: it gets its secrets and is sent on; null for a browser that has them already. */
  | { let: 'log-in'; admission: Admission | null }
  | { refuse: RefusalStatus }

export interface GateRules {
  access: Access
  /** By the exact `Host` header, the origins of pages that come from there. */
  hosts: ReadonlyMap<string, readonly string[]>
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
  const ownOrigins = host === null ? undefined : rules.hosts.get(host)
  if (ownOrigins === undefined) return { refuse: 421 }
  if (request.method !== 'GET') return { refuse: 405 }
  const { origin, cookie } = request.headers
  if (origin !== undefined && !ownOrigins.includes(origin)) return { refuse: 403 }
  if (isUpgrade) {
    // Browsers always say where a WebSocket comes from; who does not is no page of ours.
    if (origin === undefined) return { refuse: 403 }
    return rules.access.hasCookie(cookie) ? { let: 'in' } : { refuse: 401 }
  }
  if (isFromElsewhere(request)) return { refuse: 403 }
  const url = new URL(request.url, 'http://localhost')
  if (url.pathname === '/login') {
    // A browser that looks ahead would use the token up, before the one who opens it comes.
    if (isAhead(request)) return { refuse: 403 }
    const admission = rules.access.logIn(url.searchParams.get('token') ?? '', cookie)
    return admission !== null || rules.access.hasCookie(cookie)
      ? { let: 'log-in', admission }
      : { refuse: 401 }
  }
  return rules.access.hasCookie(cookie) ? { let: 'in' } : { refuse: 401 }
}

/** Prefetched or prerendered: nobody has asked for it yet. */
function isAhead({ headers }: IncomingMessage): boolean {
  return (
    headers['sec-purpose'] !== undefined || headers.purpose !== undefined || headers['x-moz'] !== undefined
  )
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
