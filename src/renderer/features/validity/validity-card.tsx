import { Badge } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { capitalised } from '../../../shared/text/format.js'
import type { RunValidity } from '../../../shared/validity/judge-run.js'
import { countFindings, validityHeadline } from '../../../shared/validity/validity-text.js'
import { badgeColours } from './badge-style.js'
import { FindingsList } from './findings-list.js'
import styles from './validity-card.module.css'
import { WorkTable } from './work-table.js'

/** How far the figures can be relied on, in a line; opened, what was found and what work was done. */
export function ValidityCard({ validity }: { validity: RunValidity }) {
  const { badge, findings, strategies } = validity
  return (
    <details
      className={styles.card}
      open={badge === 'not-comparable' || badge === 'unreliable'}
      aria-label="Validity"
    >
      <summary className={styles.summary}>
        <Badge color={badgeColours[badge]} variant="dot" tt="none" size="lg" className={styles.badge ?? ''}>
          {capitalised(validityHeadline(validity))}
        </Badge>
        <span className={styles.count}>
          {countFindings(findings) ?? 'Equal work, the same training, and a quiet machine'}
        </span>
        <IconChevronDown size={18} className={styles.chevron} aria-hidden="true" />
      </summary>
      <div className={styles.content}>
        {findings.length > 0 && <FindingsList findings={findings} />}
        {strategies.length > 0 && <WorkTable strategies={strategies} />}
      </div>
    </details>
  )
}
