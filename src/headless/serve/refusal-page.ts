import type { RefusalStatus } from './gate.js'

/**
 * What a browser sees that is refused: why, and what to do, and nothing of the dashboard. Nothing that the request said
 * is repeated.
 *
 * @param port that this host listens on
 */
export function refusalPage(status: RefusalStatus, port: number): string {
  const { title, lines } = refusals[status](port)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Tandem</title></head>
<body>
<h1>${title}</h1>
${lines.map((line) => `<p>${line}</p>`).join('\n')}
</body>
</html>
`
}

export const refusalHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

interface Refusal {
  title: string
  lines: string[]
}

const refusals: Record<RefusalStatus, (port: number) => Refusal> = {
  400: () => ({ title: 'Tandem does not understand this request', lines: [] }),
  401: () => ({
    title: 'This browser has not been let in',
    lines: [
      'Open the address that Tandem printed in its terminal last. Each address lets one browser in, once.',
      'If you have just opened it for the first time, someone else has used it before you: end Tandem with Ctrl-C and start it again.',
    ],
  }),
  403: () => ({
    title: 'Another page may not use Tandem',
    lines: ['Open the address that Tandem printed in its terminal.'],
  }),
  405: () => ({ title: 'Tandem answers GET requests only', lines: [] }),
  421: (port) => ({
    title: 'Tandem does not answer under this name or port',
    lines: [
      `Through an SSH tunnel, use the same port at both ends, and open the address that Tandem printed, unchanged:`,
      `<code>ssh -L ${port}:127.0.0.1:${port} SERVER</code>`,
      `Behind your own reverse proxy, start Tandem with the name that browsers use: <code>--allow-host NAME</code>`,
      'Tandem insists on this because a web page can point a name of its own at this machine.',
    ],
  }),
}
