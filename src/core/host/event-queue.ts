import type { HostEvent } from '../../shared/contract/events.js'

/**
 * Events that wait for a page, merged where the newest says it all or two make one. Holds so many units at most,
 * a unit being an event, or one of the steps, samples or lines within it; what would be more empties the queue.
 */
export class EventQueue {
  private events: HostEvent[] = []
  private units = 0
  private droppedUnits = 0

  constructor(private readonly maximumUnits: number) {}

  get isEmpty(): boolean {
    return this.events.length === 0
  }

  /** What had to be thrown away since `take` or `clear`. Then the page needs a snapshot to go on. */
  get dropped(): number {
    return this.droppedUnits
  }

  add(event: HostEvent): void {
    if (this.droppedUnits > 0) {
      this.droppedUnits += unitsOf(event)
      return
    }
    if (replacesEarlier(event)) this.events = this.events.filter(({ type }) => type !== event.type)
    const merged = mergeIfPossible(this.events.at(-1), event)
    if (merged === null) this.events.push(event)
    else this.events[this.events.length - 1] = merged
    this.units += unitsOf(event)
    if (this.units <= this.maximumUnits) return
    this.droppedUnits = this.units
    this.events = []
    this.units = 0
  }

  take(): HostEvent[] {
    const taken = this.events
    this.clear()
    return taken
  }

  clear(): void {
    this.events = []
    this.units = 0
    this.droppedUnits = 0
  }
}

/** Of these only the newest counts. */
function replacesEarlier({ type }: HostEvent): boolean {
  return type !== 'live'
}

/** Steps of one measurement, samples and lines of the log go together. */
function mergeIfPossible(before: HostEvent | undefined, after: HostEvent): HostEvent | null {
  if (before?.type !== 'live' || after.type !== 'live') return null
  const [a, b] = [before.event, after.event]
  if (a.type === 'steps' && b.type === 'steps' && a.id === b.id) {
    return { type: 'live', event: { ...a, steps: [...a.steps, ...b.steps] } }
  }
  if (a.type === 'telemetry' && b.type === 'telemetry') {
    return { type: 'live', event: { ...a, samples: [...a.samples, ...b.samples] } }
  }
  if (a.type === 'log' && b.type === 'log') {
    return { type: 'live', event: { ...a, lines: [...a.lines, ...b.lines] } }
  }
  return null
}

function unitsOf(event: HostEvent): number {
  if (event.type !== 'live') return 1
  switch (event.event.type) {
    case 'steps':
      return event.event.steps.length
    case 'telemetry':
      return event.event.samples.length
    case 'log':
      return event.event.lines.length
    default:
      return 1
  }
}
