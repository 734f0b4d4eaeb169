import { Select } from '@mantine/core'
import { mostShownApart } from '../../../shared/statistics/spread.js'
import { machineKey } from './device-lines.js'

export interface PickSelectProps {
  /** What is picked: `device`, `rank`. */
  noun: string
  items: readonly { key: string; machine: number | null }[]
  picked: string | null
  onPick(key: string | null): void
}

/** One of many to show beside their median, or all of one machine; nothing while each has a line of its own. */
export function PickSelect({ noun, items, picked, onPick }: PickSelectProps) {
  if (items.length <= mostShownApart) return null
  const machines = [...new Set(items.flatMap(({ machine }) => machine ?? []))]
  const ofMachine = (machine: number) => ({
    group: machineKey(machine),
    items: [
      { value: machineKey(machine), label: `All of ${machineKey(machine)}` },
      ...items.filter((item) => item.machine === machine).map(({ key }) => key),
    ],
  })
  return (
    <Select
      size="xs"
      w={130}
      aria-label={`Which ${noun}`}
      placeholder={`All ${noun}s`}
      clearable
      searchable
      nothingFoundMessage={`No such ${noun}`}
      data={machines.length > 1 ? machines.map(ofMachine) : items.map(({ key }) => key)}
      value={picked}
      onChange={onPick}
    />
  )
}
