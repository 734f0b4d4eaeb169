import type { ReactNode } from 'react'

interface SectionProps {
  title: string
  /** Short enough that it is not to be split in print. */
  isOnePage?: boolean
  children: ReactNode
}

/** One part of a report under its heading, which is also its entry in a PDF's outline. */
export function Section({ title, isOnePage = false, children }: SectionProps) {
  return (
    <section className={isOnePage ? 'one-page' : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A chart or what belongs together with one, and what a reader must know to read it. */
export function Figure({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <figure>
      <figcaption>
        <h3>{title}</h3>
        {note !== undefined && <p>{note}</p>}
      </figcaption>
      {children}
    </figure>
  )
}
