import { Loader } from '@mantine/core'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import type { Answered } from '../../state/use-answer.js'
import styles from './present-screen.module.css'

/** Stands where a scene would: it is being read, or why there is none. */
export function SceneNotice({
  title,
  answered,
}: {
  title: string
  answered: Exclude<Answered<unknown>, { kind: 'answer' }> | { kind: 'none'; reason: string }
}) {
  if (answered.kind === 'loading') {
    return (
      <div className={styles.loading} role="status">
        <Loader size="xl" aria-label="Reading the run" />
      </div>
    )
  }
  return (
    <div className={styles.loading}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.basis} role={answered.kind === 'error' ? 'alert' : 'status'}>
          {answered.kind === 'error' ? errorSentences(answered.error) : capitalisedSentence(answered.reason)}
        </p>
      </div>
    </div>
  )
}

function capitalisedSentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
