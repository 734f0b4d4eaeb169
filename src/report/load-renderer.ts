import type { Paper } from '../shared/report/paper.js'
import type { Report } from '../shared/report/report.js'

/** `renderReport`, which is loaded with the first report: a program that writes none does not wait for React. */
export async function renderReport(report: Report, paper: Paper): Promise<string> {
  const renderer = await import('./render-report.js')
  return await renderer.renderReport(report, paper)
}
