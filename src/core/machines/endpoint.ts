import { isIPv6 } from 'node:net'
import { TandemError } from '../../shared/errors.js'

/** Where the machines of a run meet: node 0 listens here. */
export interface Endpoint {
  host: string
  port: number
}

/** torchrun's, for an endpoint without one. */
export const defaultRendezvousPort = 29_400

/**
 * `HOST:PORT`, `HOST` or `[IPv6]:PORT`, as torchrun's `--rdzv-endpoint`.
 *
 * @param name of the flag or variable, for the error
 * @throws TandemError `usage` for anything else
 */
export function parseEndpoint(text: string, name: string): Endpoint {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain ?? ''
  const port = digits === undefined ? defaultRendezvousPort : Number(digits)
  const isHost = bracketed === undefined ? /^[\w.-]{1,253}$/.test(host) : isIPv6(host)
  if (isHost && port > 0 && port < 65_536) return { host, port }
  const problem = `${JSON.stringify(text.slice(0, 200))} is not HOST:PORT`
  throw new TandemError({
    code: 'usage',
    message: `${name}: ${problem}`,
    hint: 'Name node 0 by a name or an address that every machine can reach, as in node0.example:29400; an IPv6 address stands in brackets.',
  })
}

/** `node0:29400`, with brackets around an IPv6 address. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
