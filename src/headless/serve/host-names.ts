import { hostname, networkInterfaces } from 'node:os'

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** The `Host` headers by which browsers may call a server that listens on `host`: exact ones, no pattern. */
export function hostHeaders(host: string, port: number): string[] {
  return namesOf(host).flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
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
