import { Checkbox, Text } from '@mantine/core'
import {
  type Strategy,
  strategies,
  strategyHeading,
  strategyNames,
} from '../../../shared/domain/strategies.js'
import { fieldId } from './setting-field.js'
import styles from './strategy-cards.module.css'
import { StrategyPicture } from './strategy-picture.js'

export interface StrategyCardsProps {
  chosen: readonly Strategy[]
  /** Why one cannot be measured here, by strategy. */
  unavailable: Partial<Record<Strategy, string>>
  problem: string | undefined
  onChange(chosen: Strategy[]): void
}

/** One line and one picture for each way to train. */
export function StrategyCards({ chosen, unavailable, problem, onChange }: StrategyCardsProps) {
  const toggle = (name: Strategy): void => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]
    onChange(strategyNames.filter((strategy) => next.includes(strategy)))
  }
  return (
    <fieldset className={styles.set} id={fieldId('strategies')} tabIndex={-1}>
      <legend className={styles.legend}>What to measure</legend>
      <div className={styles.cards}>
        {strategyNames.map((name) => (
          <Checkbox.Card
            key={name}
            className={styles.card}
            checked={chosen.includes(name)}
            onChange={() => toggle(name)}
            aria-label={strategyHeading(name)}
            aria-describedby={`${name}-line`}
          >
            <StrategyPicture strategy={name} />
            <span className={styles.title}>
              <Checkbox.Indicator />
              <span>
                <Heading text={strategyHeading(name)} />
              </span>
            </span>
            <Text size="sm" c="dimmed" id={`${name}-line`} component="span">
              {strategies[name].sentence}
            </Text>
            {unavailable[name] !== undefined && chosen.includes(name) && (
              <Text size="sm" className={styles.unavailable ?? ''} component="span">
                Will be skipped: {unavailable[name]}.
              </Text>
            )}
          </Checkbox.Card>
        ))}
      </div>
      {problem !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={6}>
          {problem}
        </Text>
      )}
    </fieldset>
  )
}

/** A name of several words in one breaks between them, nowhere else. */
function Heading({ text }: { text: string }) {
  return text.split(/(?<=[a-z])(?=[A-Z])/).flatMap((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a name keep their places
    index === 0 ? [part] : [<wbr key={index} />, part],
  )
}
