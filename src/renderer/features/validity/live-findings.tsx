import { Button, Popover } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { RunHead } from '../../../shared/live/live-run.js'
import { formatQuantity } from '../../../shared/text/format.js'
import { judgeRun } from '../../../shared/validity/judge-run.js'
import { newsOf } from '../../../shared/validity/validity-text.js'
import { FindingsList } from './findings-list.js'

/** What has been found of a run so far, as it is found: a button that opens the list. Nothing while there is nothing. */
export function LiveFindings({ head }: { head: RunHead }) {
  const news = useMemo(() => newsOf(judgeRun(head)), [head])
  return (
    <div role="status">
      {news.length > 0 && (
        <Popover width={480} position="bottom-end" withArrow shadow="md">
          <Popover.Target>
            <Button size="xs" variant="default" leftSection={<IconAlertTriangle size={14} />}>
              {formatQuantity(news.length, 'warning')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown aria-label="Warnings so far">
            <FindingsList findings={news} />
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  )
}
