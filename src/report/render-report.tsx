import { renderToStaticMarkup } from 'react-dom/server'
import { printable, withoutControls } from '../shared/printable.js'
import type { Paper } from '../shared/report/paper.js'
import type { Report } from '../shared/report/report.js'
import documentStyle from './document.css?raw'
import { fontStyle } from './fonts.js'
import { pageStyle } from './page-style.js'
import reportStyle from './report.css?raw'
import { ReportPage } from './report-page.js'

/**
 * A report as one HTML file that needs nothing else: no script, no network, fonts and charts within. Its own policy
 * allows it this one style sheet and the fonts in it, so markup that found its way in could do nothing.
 */
export async function renderReport(report: Report, paper: Paper = 'a4'): Promise<string> {
  const { runId, machine } = report.head
  // Part of the style sheet, which must be as it was hashed.
  const title = printable(`Tandem report: ${report.title}, run ${runId}`)
  const generator = printable(`Tandem ${machine.tandemVersion}`)
  const style = [
    fontStyle,
    reportStyle,
    documentStyle,
    pageStyle(paper, title, `Measured with ${generator}`),
  ].join('\n')
  const policy = `default-src 'none'; style-src 'sha256-${await sha256(style)}'; font-src data:; base-uri 'none'; form-action 'none'`
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content={generator} />
        <title>{title}</title>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: it must be as it was hashed, and all of it is ours */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <ReportPage report={report} />
        </main>
      </body>
    </html>,
  )
  return `<!doctype html>\n${withoutControls(page)}\n`
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}
