import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'

/** A file of the page as it is answered, whatever carries the answer. */
export interface PageFile {
  content: Buffer | string
  headers: Record<string, string>
}

export type PageAnswer = { status: 200; file: PageFile } | { status: 400 | 403 | 404 }

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Stands in index.html where the nonce goes; the page hands it to what makes style elements (`theme/nonce.ts`). */
const noncePlaceholder = 'STYLE-NONCE'

/**
 * The page's file for a decoded-or-not URL path, from `folder` and from nowhere else. HTML comes with a policy
 * that allows the page's own files, its own host and styles that carry this answer's nonce, and nothing else.
 *
 * 400 for a path that is no path, 403 for one that leaves the folder, 404 for what is not there or not served.
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageAnswer> {
  const path = decodePath(urlPath === '/' ? '/index.html' : urlPath)
  if (path === null) return { status: 400 }
  const root = resolve(folder) + sep
  const file = resolve(root, `.${path}`)
  if (!file.startsWith(root)) return { status: 403 }
  const type = contentTypes[extname(file)]
  const content = type === undefined ? null : await readFile(file).catch(() => null)
  if (type === undefined || content === null) return { status: 404 }
  const headers = { 'content-type': type, 'x-content-type-options': 'nosniff' }
  if (extname(file) !== '.html') return { status: 200, file: { content, headers } }
  const nonce = randomBytes(16).toString('base64')
  return {
    status: 200,
    file: {
      content: content.toString('utf8').replaceAll(noncePlaceholder, nonce),
      headers: { ...headers, 'content-security-policy': contentSecurityPolicy(nonce) },
    },
  }
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // What the page itself has drawn: a chart becomes a picture.
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
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
