import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { Notice } from './notice.js'
import type { Imports } from './use-import.js'

/** What an import came to, file by file. */
export function ImportNotice({ imports: { imported, errors, dismiss } }: { imports: Imports }) {
  return (
    <>
      {imported.length > 0 && (
        <Notice color="gray" onClose={dismiss}>
          Imported:{' '}
          {imported.map(({ fileName, runId }, index) => (
            <span key={runId}>
              {index > 0 && ', '}
              <Anchor component={Link} href={`/results/${runId}`} underline="always" size="sm">
                {fileName}
              </Anchor>
            </span>
          ))}
        </Notice>
      )}
      {errors.length > 0 && (
        <Notice color="red" onClose={dismiss}>
          {errors.map(({ message, hint }) => (
            <div key={message}>{errorSentences({ message, hint })}</div>
          ))}
        </Notice>
      )}
    </>
  )
}
