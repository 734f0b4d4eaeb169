import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { PageAnswer, PageSource } from './page-answer.js'
import { guardHtml } from './page-policy.js'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The built page. */
export function builtPage(folder: string): PageSource {
  return (target) => readPageFile(folder, new URL(target, 'http://page').pathname)
}

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
  return { status: 200, file: guardHtml(content.toString('utf8'), headers) }
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
