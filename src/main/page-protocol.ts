import type { CustomScheme } from 'electron'
import type { PageSource } from '../core/page/page-answer.js'

/** The page has an origin of its own, `app://tandem`, so that it needs no file access. */
export const pageScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

export const pageOrigin = 'app://tandem'
export const pageUrl = `${pageOrigin}/index.html`

/**
 * Whether a URL is the page's own. Compared by scheme and host, because Node gives every URL of a scheme it
 * does not know the same origin, `null`.
 */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const asked = new URL(url)
  const page = new URL(pageUrl)
  return asked.protocol === page.protocol && asked.host === page.host
}

/**
 * Answers requests for the page's files from `source`, and from nowhere else.
 *
 * @returns a handler for `protocol.handle`: 404 for another host or a missing file, 405 for anything but GET, else what
 *   the source answers
 */
export function servePage(source: PageSource): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET') return refuse(405)
    if (!isPageUrl(request.url)) return refuse(404)
    const { pathname, search } = new URL(request.url)
    const answer = await source(pathname + search)
    if (answer.status !== 200) return refuse(answer.status)
    const { content, headers } = answer.file
    return new Response(typeof content === 'string' ? content : new Uint8Array(content), { headers })
  }
}

function refuse(status: number): Response {
  return new Response(null, { status })
}
