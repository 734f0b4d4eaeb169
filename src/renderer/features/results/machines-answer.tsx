import styles from './tables.module.css'

/** What several machines bring, and whether it is the network; nothing for a run on one machine. */
export function MachinesAnswer({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <section className={styles.card} aria-labelledby="machines-title">
      <h2 id="machines-title" className={styles.title}>
        Is it the network?
      </h2>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}
