import { Alert } from '@mantine/core'
import type { ErrorReport } from '../../../shared/errors.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import styles from './frame.module.css'

/** What the page does with files that are held over it, and why it did not open one that was dropped. */
export function DropNotice({
  isOver,
  errors,
  onClose,
}: {
  isOver: boolean
  errors: readonly ErrorReport[]
  onClose(): void
}) {
  return (
    <>
      {errors.length > 0 && (
        <Alert
          color="red"
          role="alert"
          withCloseButton
          closeButtonLabel="Close"
          onClose={onClose}
          className={styles.notice ?? ''}
        >
          {errors.map(({ message, hint }) => (
            <div key={message}>{errorSentences({ message, hint })}</div>
          ))}
        </Alert>
      )}
      {isOver && (
        <div className={styles.drop} aria-hidden="true">
          Drop a bundle (.tandem) or a results.json to open it
        </div>
      )}
    </>
  )
}
