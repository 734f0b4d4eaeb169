import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberedMessages } from './numbered-messages.js'

const numbersOf = (lines: readonly string[]) =>
  lines.map((line) => (JSON.parse(line) as { number: number }).number)

describe('messages that survive a wire', () => {
  it('arrive once each and in order, whatever wires drop and wherever', () => {
    // How many lines each wire carries before it drops, and how many of the acknowledgements come back.
    const wires = fc.array(fc.record({ carried: fc.nat(6), isAcknowledged: fc.boolean() }), { maxLength: 20 })
    fc.assert(
      fc.property(fc.nat(20), wires, (count, drops) => {
        const sender = new NumberedMessages()
        const receiver = new NumberedMessages()
        const heard: number[] = []
        const carry = (line: string): void => {
          const { number, body } = JSON.parse(line) as { number: number; body: number }
          const verdict = receiver.take(number)
          expect(verdict).not.toBe('gap')
          if (verdict === 'new') heard.push(body)
        }
        for (let body = 0; body < count; body++) sender.add(body)
        for (const { carried, isAcknowledged } of drops) {
          sender.unacknowledged().slice(0, carried).forEach(carry)
          if (isAcknowledged) expect(sender.acknowledge(receiver.received)).toBe(true)
        }
        sender.unacknowledged().forEach(carry)
        expect(heard).toEqual(Array.from({ length: count }, (_, index) => index))
      }),
    )
  })

  it('are kept until the other end has them', () => {
    const messages = new NumberedMessages()
    for (const body of ['a', 'b', 'c']) messages.add(body)
    expect(messages.acknowledge(2)).toBe(true)
    expect(numbersOf(messages.unacknowledged())).toEqual([3])
    expect(messages.acknowledge(3)).toBe(true)
    expect(messages.waitingBytes).toBe(0)
  })

  it('show an end that has what was never sent, or left something out', () => {
    const messages = new NumberedMessages()
    expect(messages.acknowledge(1)).toBe(false)
    expect([messages.take(1), messages.take(1), messages.take(3)]).toEqual(['new', 'again', 'gap'])
  })
})
