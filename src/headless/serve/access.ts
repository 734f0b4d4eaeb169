import { randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who may use the web host: whoever opens the address that it prints. The address holds a token that opens it
 * once; the browser then holds a cookie with another secret, and the next token is printed for the next browser.
 * Neither is ever written to a log or a file.
 */
export class Access {
  private token = newSecret()
  private readonly session = newSecret()

  /** @param port keeps the cookies of two hosts on one machine apart: browsers share cookies between ports */
  constructor(
    private readonly port: number,
    private readonly onTokenUsed: () => void,
  ) {}

  /** The path that lets one browser in. */
  get loginPath(): string {
    return `/login?token=${this.token}`
  }

  /** Whether this token lets in; then it is used up. */
  spendToken(token: string): boolean {
    if (!sameSecret(token, this.token)) return false
    this.token = newSecret()
    this.onTokenUsed()
    return true
  }

  /** For a browser that has been let in. `Secure` is impossible without TLS; `Strict` keeps it from other sites. */
  get cookie(): string {
    return `${this.cookieName}=${this.session}; Path=/; HttpOnly; SameSite=Strict`
  }

  /** Whether a `Cookie` header shows that its browser has been let in. */
  hasCookie(header: string | undefined): boolean {
    const cookies = (header ?? '').split(';').map((part) => part.trim())
    const own = cookies.filter((cookie) => cookie.startsWith(`${this.cookieName}=`))
    const [only] = own
    return (
      own.length === 1 &&
      only !== undefined &&
      sameSecret(only.slice(this.cookieName.length + 1), this.session)
    )
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
