import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { CustomScheme } from 'electron'

/** The page has an origin of its own, `app://tandem`, so that it needs no file access. */
export const pageScheme: CustomScheme = { scheme: 'app', privileges: { standard: true, secure: true } }

export const pageUrl = 'app://tandem/index.html'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

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
 * Answers requests for the page's files from `folder`, and from nowhere else.
 *
 * @returns a handler for `protocol.handle`: 404 for another host or a missing file, 403 for a path that leaves
 *   the folder, 405 for anything but GET
 */
export function servePage(folder: string): (request: Request) => Promise<Response> {
  const root = resolve(folder) + sep
  return async (request) => {
    if (request.method !== 'GET') return refuse(405)
    if (!isPageUrl(request.url)) return refuse(404)
    const path = decodePath(new URL(request.url).pathname)
    if (path === null) return refuse(400)
    const file = resolve(root, `.${path}`)
    const type = contentTypes[extname(file)]
    if (!file.startsWith(root)) return refuse(403)
    const content = type === undefined ? null : await readFile(file).catch(() => null)
    if (type === undefined || content === null) return refuse(404)
    const headers = {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
    }
    return new Response(content, { headers })
  }
}

/** null where an escape sequence is broken, or hides a NUL. */
function decodePath(path: string): string | null {
  try {
    const decoded = decodeURIComponent(path)
    return decoded.includes('\0') ? null : decoded
  } catch {
    return null
  }
}

function refuse(status: number): Response {
  return new Response(null, { status })
}
