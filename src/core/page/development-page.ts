import { TandemError } from '../../shared/errors.js'
import type { PageSource } from './page-answer.js'
import { builtPage } from './page-files.js'
import { guardHtml } from './page-policy.js'

/** electron-vite sets it while it develops: where its server for the page listens. */
const serverVariable = 'ELECTRON_RENDERER_URL'

/**
 * The page from the built folder or, under `npm run dev`, from the development server, which compiles its modules as
 * they are asked for. The server is asked through the shell and its gate, so that an address reaches the same page with
 * the same rights in both.
 *
 * Throws `bad-value` where the variable names anything but a server on this machine.
 */
export function pageSource(builtFolder: string, environment: NodeJS.ProcessEnv): PageSource {
  const server = environment[serverVariable]
  return server === undefined || server === '' ? builtPage(builtFolder) : developmentPage(server)
}

function developmentPage(server: string): PageSource {
  const { origin, host, hostname, protocol } = URL.canParse(server) ? new URL(server) : new URL('none://')
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(hostname)) {
    throw new TandemError({
      code: 'bad-value',
      message: `${serverVariable} is ${JSON.stringify(server)}, not a server on this machine`,
      hint: 'Unset it; `npm run dev` sets it by itself.',
    })
  }
  return async (target) => {
    // Assets are answered as modules to scripts and as themselves to images, by this header.
    const accept = target.includes('.') ? '*/*' : 'text/html'
    const answer = await fetch(origin + target, { headers: { accept } }).catch(() => null)
    if (answer?.status !== 200) return { status: 404 }
    const content = Buffer.from(await answer.arrayBuffer())
    const type = answer.headers.get('content-type') ?? 'application/octet-stream'
    const headers = { 'content-type': type, 'x-content-type-options': 'nosniff' }
    if (!type.startsWith('text/html')) return { status: 200, file: { content, headers } }
    const allowances = { inlineScripts: true, connectsTo: `ws://${host}` }
    return { status: 200, file: guardHtml(content.toString('utf8'), headers, allowances) }
  }
}
