import { Badge } from '@mantine/core'
import type { Finding } from '../../../shared/validity/finding.js'
import { severityTitles } from '../../../shared/validity/validity-text.js'
import { severityColours } from './badge-style.js'
import styles from './findings-list.module.css'

/** What was found, a line each, with how much it matters. */
export function FindingsList({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul className={styles.findings} aria-label="Findings">
      {findings.map(({ severity, message }) => (
        <li key={message} className={styles.finding}>
          <Badge color={severityColours[severity]} variant="dot" tt="none">
            {severityTitles[severity]}
          </Badge>
          <span>{message}</span>
        </li>
      ))}
    </ul>
  )
}
