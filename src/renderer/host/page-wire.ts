import type { ToHost, ToPage, Wire } from '../../shared/contract/wire.js'

/** The page's end of a wire: what it sends goes to the host. */
export type PageWire = Wire<ToHost>

/** Opens a wire to the host that this page belongs to. It may close at once; then it is tried again. */
export type OpenWire = () => PageWire

/** What comes from the host is the host's word: page and host are built together, and `hello` compares versions. */
export function asHostMessage(message: unknown): ToPage {
  return message as ToPage
}
