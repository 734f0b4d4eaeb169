import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import reportStyle from '../../../report/report.css?raw'
import { ReportPage } from '../../../report/report-page.js'
import type { Report } from '../../../shared/report/report.js'
import styles from './export-screen.module.css'
import { loadReportFonts } from './report-fonts.js'

interface ReportPreviewProps {
  report: Report
  /** The charts on it, once they are drawn. */
  onCharts(charts: readonly SVGSVGElement[]): void
}

/** The report as its file will show it, in a tree of its own: neither style reaches the other. */
export function ReportPreview({ report, onCharts }: ReportPreviewProps) {
  const sheet = useRef<HTMLDivElement>(null)
  const [root, setRoot] = useState<ShadowRoot | null>(null)

  useEffect(() => {
    const element = sheet.current
    if (element === null) return
    const tree = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const style = new CSSStyleSheet()
    style.replaceSync(reportStyle)
    tree.adoptedStyleSheets = [style]
    setRoot(tree)
    void loadReportFonts()
  }, [])

  useEffect(() => {
    if (root !== null) onCharts([...root.querySelectorAll<SVGSVGElement>('svg[role="img"]')])
  }, [root, onCharts])

  return (
    <section aria-label="Preview of the report" className={styles.sheet}>
      <div ref={sheet} />
      {root !== null && createPortal(<ReportPage report={report} />, root)}
    </section>
  )
}
