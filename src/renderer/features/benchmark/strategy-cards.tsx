import { Checkbox, Text } from '@mantine/core'
import type { Strategy } from '../../../shared/run-configuration.js'
import styles from './strategy-cards.module.css'
import { StrategyPicture } from './strategy-picture.js'

/** One line and one picture for each way to train. */
export const strategies: readonly { name: Strategy; title: string; line: string }[] = [
  {
    name: 'single',
    title: 'Single',
    line: 'One device trains on every batch: the base that the others are held against.',
  },
  {
    name: 'dp',
    title: 'DataParallel (DP)',
    line: 'One process splits each batch over the devices, and updates on the first.',
  },
  {
    name: 'ddp',
    title: 'DistributedDataParallel (DDP)',
    line: 'A process a device; each trains on its share, and all average their gradients.',
  },
]

export interface StrategyCardsProps {
  chosen: readonly Strategy[]
  /** Why one cannot be measured here, by strategy. */
  unavailable: Partial<Record<Strategy, string>>
  problem: string | undefined
  onChange(chosen: Strategy[]): void
}

export function StrategyCards({ chosen, unavailable, problem, onChange }: StrategyCardsProps) {
  const toggle = (name: Strategy): void => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]
    onChange(strategies.map((strategy) => strategy.name).filter((strategy) => next.includes(strategy)))
  }
  return (
    <fieldset className={styles.set}>
      <legend className={styles.legend}>What to measure</legend>
      <div className={styles.cards}>
        {strategies.map(({ name, title, line }) => (
          <Checkbox.Card
            key={name}
            className={styles.card}
            checked={chosen.includes(name)}
            onChange={() => toggle(name)}
            aria-label={title}
            aria-describedby={`${name}-line`}
          >
            <StrategyPicture strategy={name} />
            <span className={styles.title}>
              <Checkbox.Indicator />
              {title}
            </span>
            <Text size="sm" c="dimmed" id={`${name}-line`} component="span">
              {line}
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
        <Text size="sm" c="red" role="alert" mt={6}>
          {problem}
        </Text>
      )}
    </fieldset>
  )
}
