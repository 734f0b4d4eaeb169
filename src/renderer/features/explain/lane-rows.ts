import type { Lane } from '../../../shared/explain/step-lanes.js'
import { machinesText } from './explain-text.js'
import { groupDevices } from './stage-layout.js'
import type { StageScene } from './stage-scene.js'

export interface LaneRow {
  name: string
  lane: Lane
}

/** One row a device; of many devices one a group, which shows the rank that the others wait for. */
export function laneRows({ lanes: { lanes }, deviceNames, machines, cast }: StageScene): LaneRow[] {
  return groupDevices(machines).flatMap((group) => {
    const members = group.flatMap((device) => lanes[device] ?? [])
    const slowest = members.find(({ spans }) => !spans.some(({ phase }) => phase === 'straggler-wait'))
    const lane = slowest ?? members[0]
    if (lane === undefined) return []
    const name = deviceNames[lane.device] ?? `${lane.device}`
    const who = cast.exchanges ? `Rank ${lane.rank}` : name
    const where = cast.crossesMachines ? `, ${machinesText(group.map((place) => machines[place] ?? 0))}` : ''
    return { name: `${group.length === 1 ? who : `${group[0]} to ${group.at(-1)}`}${where}`, lane }
  })
}
