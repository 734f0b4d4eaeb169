import { describe, expect, it } from 'vitest'
import type { HostEvent } from '../../shared/contract/events.js'
import { EventQueue } from './event-queue.js'

const line = (text: string): HostEvent => ({
  type: 'live',
  event: { type: 'log', lines: [{ source: 'Single', text }] },
})

const changed: HostEvent = { type: 'history-changed' }

describe('events that wait', () => {
  it('merge where two make one', () => {
    const queue = new EventQueue(10)
    queue.add(line('a'))
    queue.add(line('b'))

    expect(queue.take()).toEqual([
      {
        type: 'live',
        event: {
          type: 'log',
          lines: [
            { source: 'Single', text: 'a' },
            { source: 'Single', text: 'b' },
          ],
        },
      },
    ])
    expect(queue.isEmpty).toBe(true)
  })

  it('keep their order where they do not', () => {
    const queue = new EventQueue(10)
    const warning: HostEvent = { type: 'live', event: { type: 'warning', code: 'other-run', text: 'w' } }
    for (const event of [line('a'), warning, line('b')]) queue.add(event)

    expect(queue.take()).toEqual([line('a'), warning, line('b')])
  })

  it('give way to a newer one that says it all', () => {
    const queue = new EventQueue(10)
    for (const event of [changed, line('a'), changed]) queue.add(event)

    expect(queue.take()).toEqual([line('a'), changed])
  })

  it('are all dropped, and counted, once they are too many', () => {
    const queue = new EventQueue(3)
    for (const text of ['a', 'b', 'c', 'd', 'e']) queue.add(line(text))

    expect(queue.isEmpty).toBe(true)
    expect(queue.dropped).toBe(5)
    queue.clear()
    queue.add(line('f'))
    expect(queue.dropped).toBe(0)
    expect(queue.take()).toEqual([line('f')])
  })
})
