import { randomBytes } from 'node:crypto'
import type { PageFile } from './page-answer.js'

/** Stands in index.html where the nonce goes; the page hands it to what makes style elements (`theme/nonce.ts`). */
const noncePlaceholder = 'STYLE-NONCE'

/** What a page may do beyond its own files. */
export interface PageAllowances {
  /** Script elements that carry the answer's nonce. */
  inlineScripts?: boolean
  /** Another origin that it may connect to: `ws://127.0.0.1:5173`. */
  connectsTo?: string
}

/**
 * The page's HTML with a policy that allows its own files, its own host, styles that carry this answer's nonce, and
 * nothing else but the allowances.
 */
export function guardHtml(
  html: string,
  headers: Record<string, string>,
  allowances: PageAllowances = {},
): PageFile {
  const nonce = randomBytes(16).toString('base64')
  return {
    content: html.replaceAll(noncePlaceholder, nonce),
    headers: { ...headers, 'content-security-policy': contentSecurityPolicy(nonce, allowances) },
  }
}

function contentSecurityPolicy(nonce: string, { inlineScripts, connectsTo }: PageAllowances): string {
  return [
    "default-src 'none'",
    inlineScripts === true ? `script-src 'self' 'nonce-${nonce}'` : "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // What the page itself has drawn: a chart becomes a picture.
    "img-src 'self' blob:",
    "font-src 'self'",
    connectsTo === undefined ? "connect-src 'self'" : `connect-src 'self' ${connectsTo}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}
