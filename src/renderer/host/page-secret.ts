import { letInFragment } from '../../shared/contract/let-in.js'

/** Local storage belongs to this host and port alone; a cookie would go to every port of this host. */
const storageKey = 'tandem.page-secret'

/** What it needs of a window. */
export type PageSecretPlaces = Pick<Window, 'location' | 'history'> & { localStorage: Storage | null }

/**
 * The secret with which this page is let in by the web host. The login sends the browser here with a new one in the
 * address; it is kept for reloads and further tabs. Any page can send a browser here with an address of its own making,
 * so a secret from there replaces the kept one only once the host has accepted it.
 */
export class PageSecret {
  private readonly storage: Storage | null
  private fromAddress: string | null

  /** Takes the secret out of the address, before anything else looks at it. */
  constructor({ location, history, localStorage }: PageSecretPlaces) {
    this.storage = localStorage
    const { hash, pathname, search } = location
    this.fromAddress = hash.startsWith(letInFragment) ? hash.slice(letInFragment.length) : null
    if (this.fromAddress !== null) history.replaceState(null, '', pathname + search)
  }

  /** The one to say; empty where there is none. Read anew each time: another tab may have been let in since. */
  get current(): string {
    return this.fromAddress ?? this.storage?.getItem(storageKey) ?? ''
  }

  accepted(): void {
    if (this.fromAddress === null || this.storage === null) return
    this.storage.setItem(storageKey, this.fromAddress)
    this.fromAddress = null
  }

  refused(): void {
    this.fromAddress = null
  }
}

/** This window's; where a browser keeps no storage for pages, the secret lasts until the page is loaded again. */
export function ownPageSecret(): PageSecret {
  const { location, history } = window
  return new PageSecret({ location, history, localStorage: storageOf(window) })
}

function storageOf(window: Window): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
