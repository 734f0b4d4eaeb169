import { hostname, networkInterfaces } from 'node:os'

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * The `Host` headers by which browsers may call a server that listens on `host`, each with the origins of its pages:
 * exact ones, no pattern.
 *
 * @param proxied names by which someone's own proxy is called, with their port where it is not the usual one
 */
export function hostHeaders(
  host: string,
  port: number,
  proxied: readonly string[] = [],
): Map<string, readonly string[]> {
  const own = namesOf(host).flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  return new Map([
    ...own.map((name): [string, string[]] => [name, [`http://${name}`]]),
    // Only the proxy knows which of the two the browser speaks to it.
    ...proxied.map((name): [string, string[]] => [name, [`http://${name}`, `https://${name}`]]),
  ])
}

/** A name by which a browser reaches a server that listens on `host`, for its URL. */
export function reachableName(host: string): string {
  if (isLoopback(host)) return host === 'localhost' ? host : bracketed(host)
  return isEveryAddress(host) ? (namesOf(host)[0] as string) : bracketed(host)
}

function namesOf(host: string): string[] {
  if (isLoopback(host)) return ['127.0.0.1', 'localhost', '[::1]']
  if (!isEveryAddress(host)) return [bracketed(host)]
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  // Those that others can reach come first: one of them goes into the URL.
  const reachable = addresses.filter(({ internal }) => !internal).map(({ address }) => bracketed(address))
  return [...reachable, hostname(), '127.0.0.1', 'localhost', '[::1]']
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
