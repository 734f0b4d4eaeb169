import { toldFailures } from '../../shared/figures/told-failure.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { Section } from './section.js'

/** What programs said when they failed, whole: tracebacks of scripts. Nothing where none did. */
export function Failures({ results }: { results: readonly StrategyResult[] }) {
  const failures = toldFailures(results)
  if (failures.length === 0) return null
  return (
    <Section title="What went wrong">
      {failures.map(({ id, title, message, hint, details }) => (
        <div key={id}>
          <h3>{title}</h3>
          <p>
            {message}. {hint}
          </p>
          <pre>{details}</pre>
        </div>
      ))}
    </Section>
  )
}
