import { z } from 'zod'

/**
 * The fields of a Chrome trace in JSON object form, as the document "Trace Event Format" (Google, 2016) has them, of the
 * kinds of events that Tandem writes. Strict: a field that the document does not know is a mistake.
 */

const track = { pid: z.number().int().positive(), tid: z.number().int().nonnegative() }
const microseconds = z.number().nonnegative()
const args = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

/** Complete events: a slice. */
export const completeEventSchema = z.strictObject({
  ...track,
  ph: z.literal('X'),
  name: z.string().min(1),
  cat: z.string(),
  ts: microseconds,
  dur: microseconds,
  args: args.optional(),
})

/** Instant events; `s` is their scope: global, process or thread. */
export const instantEventSchema = z.strictObject({
  ...track,
  ph: z.literal('i'),
  name: z.string().min(1),
  cat: z.string(),
  ts: microseconds,
  s: z.enum(['g', 'p', 't']),
  args: args.optional(),
})

/** Counter events: each argument is a series. */
export const counterEventSchema = z.strictObject({
  ...track,
  ph: z.literal('C'),
  name: z.string().min(1),
  ts: microseconds,
  args: z.record(z.string(), z.number()),
})

/** Metadata events: a fixed set of names, each with one argument. */
const metadataEventSchema = z.discriminatedUnion('name', [
  metadata('process_name', { name: z.string().min(1) }),
  metadata('process_labels', { labels: z.string() }),
  metadata('process_sort_index', { sort_index: z.number().int() }),
  metadata('thread_name', { name: z.string().min(1) }),
  metadata('thread_sort_index', { sort_index: z.number().int() }),
])

function metadata<const Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  return z.strictObject({ ...track, ph: z.literal('M'), name: z.literal(name), args: z.strictObject(shape) })
}

export const traceSchema = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(
    z.union([completeEventSchema, instantEventSchema, counterEventSchema, metadataEventSchema]),
  ),
})

export type Trace = z.infer<typeof traceSchema>
export type CompleteEvent = z.infer<typeof completeEventSchema>

/** Pairs of slices of one track that cross: neither apart nor one within the other. Viewers drop such slices. */
export function crossings(events: readonly CompleteEvent[]): [CompleteEvent, CompleteEvent][] {
  const found: [CompleteEvent, CompleteEvent][] = []
  const byTrack = groupByTrack(events)
  for (const ofTrack of byTrack.values()) {
    const open: CompleteEvent[] = []
    for (const event of [...ofTrack].sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
      while (open.length > 0 && endOf(open.at(-1) as CompleteEvent) <= event.ts) open.pop()
      const around = open.at(-1)
      if (around !== undefined && endOf(event) > endOf(around)) found.push([around, event])
      open.push(event)
    }
  }
  return found
}

function groupByTrack(events: readonly CompleteEvent[]): Map<string, CompleteEvent[]> {
  const byTrack = new Map<string, CompleteEvent[]>()
  for (const event of events) {
    const key = `${event.pid} ${event.tid}`
    byTrack.set(key, [...(byTrack.get(key) ?? []), event])
  }
  return byTrack
}

/** In whole nanoseconds, which is what viewers count in. */
function endOf({ ts, dur }: CompleteEvent): number {
  return Math.round((ts + dur) * 1000) / 1000
}
