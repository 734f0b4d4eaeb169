import { randomBytes, timingSafeEqual } from 'node:crypto'

/** What a browser gets that has been let in. */
export interface Admission {
  /** A `Set-Cookie` header. */
  cookie: string
  /** For the page alone: it says this on each wire, before anything else. */
  pageSecret: string
}

interface Session {
  cookie: string
  page: string
}

/** The one let in longest ago gives way. */
const mostSessions = 64

/**
 * Who may use the web host: whoever opens the address that it prints. The address holds a token that opens it once, and
 * the next token is printed for the next browser. A browser that was let in holds two secrets, new ones at each login: a
 * cookie, without which it gets nothing, and one that only its page knows, without which it gets no wire. Browsers send
 * a cookie to every port of a name, so whoever has the user open another server on this machine learns it; the page's
 * secret lies in storage that belongs to this port. None of them is ever written to a log or a file.
 */
export class Access {
  private token = newSecret()
  private sessions: Session[] = []

  /** @param port keeps the cookies of two hosts on one machine apart: browsers share cookies between ports */
  constructor(
    private readonly port: number,
    private readonly onTokenUsed: () => void,
  ) {}

  /** The path that lets one browser in. */
  get loginPath(): string {
    return `/login?token=${this.token}`
  }

  /**
   * Lets a browser in whose token is right; then it is used up. What the browser had before, by its cookies, is worth
   * nothing from then on. Null for any other token, also of a browser that is in: who has learnt its cookie must not
   * get the page's secret for it.
   */
  logIn(token: string, cookies: string | undefined): Admission | null {
    if (!sameSecret(token, this.token)) return null
    this.token = newSecret()
    const present = this.sessionOf(cookies)
    const session: Session = { cookie: newSecret(), page: newSecret() }
    this.sessions = [...this.sessions.filter((other) => other !== present), session].slice(-mostSessions)
    this.onTokenUsed()
    // `Secure` is impossible without TLS; `Strict` keeps it from other sites.
    const cookie = `${this.cookieName}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict`
    return { cookie, pageSecret: session.page }
  }

  /** Whether a `Cookie` header shows that its browser has been let in. */
  hasCookie(cookies: string | undefined): boolean {
    return this.sessionOf(cookies) !== null
  }

  /** Whether `secret` is that of the page in the browser with these cookies. */
  isPage(cookies: string | undefined, secret: string): boolean {
    const session = this.sessionOf(cookies)
    return session !== null && sameSecret(secret, session.page)
  }

  /** Other servers on this machine can set cookies of this name too; they cannot guess a right one. */
  private sessionOf(cookies: string | undefined): Session | null {
    const prefix = `${this.cookieName}=`
    const given = (cookies ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((cookie) => cookie.startsWith(prefix))
      .map((cookie) => cookie.slice(prefix.length))
    return this.sessions.find(({ cookie }) => given.some((value) => sameSecret(value, cookie))) ?? null
  }

  private get cookieName(): string {
    return `tandem_${this.port}`
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
