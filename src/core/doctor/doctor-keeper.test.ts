import { describe, expect, it, vi } from 'vitest'
import { type Check, type DoctorReport, type DoctorState, pass } from '../../shared/doctor/doctor-report.js'
import { DoctorKeeper, type DoctorKeeperPorts } from './doctor-keeper.js'

const check: Check = { id: 'machine.cores', group: 'This machine', title: 'Cores', ms: 1, ...pass('4 cores') }
const report = (changes: Partial<DoctorReport> = {}): DoctorReport => ({
  format: 'tandem-doctor',
  version: 1,
  tandemVersion: '0.1.0',
  nodeVersion: '20.0.0',
  machine: [],
  startedAt: new Date(0).toISOString(),
  seconds: 1,
  outcome: 'pass',
  checks: [check],
  ...changes,
})

function openKeeper(ports: Partial<DoctorKeeperPorts> = {}) {
  const states: DoctorState[] = []
  let finish: (report: DoctorReport) => void = () => {}
  let examinations = 0
  const keeper = new DoctorKeeper({
    examine: ({ signal, onCheck, onCurrent }) => {
      examinations++
      onCurrent([{ group: 'This machine', title: 'Cores' }])
      onCheck(check)
      return new Promise((resolve) => {
        finish = resolve
        signal.addEventListener('abort', () => resolve(report({ outcome: 'cancelled' })))
      })
    },
    isMeasuring: async () => false,
    onState: (state) => states.push(state),
    ...ports,
  })
  return { keeper, states, finish: () => finish(report()), examinations: () => examinations }
}

describe('DoctorKeeper', () => {
  it('tells each check as it is made, and the report at the end', async () => {
    const { keeper, states, finish } = openKeeper()
    await keeper.start()
    expect(keeper.state).toMatchObject({ status: 'running', checks: [check] })
    finish()
    await vi.waitFor(() => expect(keeper.isRunning).toBe(false))
    expect(states.at(-1)).toEqual({ status: 'done', report: report() })
    expect(states.map(({ status }) => status)).toEqual(['running', 'running', 'running', 'done'])
  })

  it('joins one that is under way', async () => {
    const { keeper, examinations } = openKeeper()
    await Promise.all([keeper.start(), keeper.start()])
    await keeper.start()
    expect(examinations()).toBe(1)
    await keeper.close()
  })

  it('is refused beside a benchmark, and is then what it was before', async () => {
    const { keeper, examinations } = openKeeper({ isMeasuring: async () => true })
    await expect(keeper.start()).rejects.toMatchObject({ code: 'run-active', hint: expect.any(String) })
    expect(keeper.state).toEqual({ status: 'idle' })
    expect(examinations()).toBe(0)
  })

  it('counts as running while it asks whether something is measured: nothing may begin in between', async () => {
    let answer: (isMeasuring: boolean) => void = () => {}
    const { keeper } = openKeeper({ isMeasuring: () => new Promise((resolve) => (answer = resolve)) })
    const starting = keeper.start()
    expect(keeper.isRunning).toBe(true)
    answer(true)
    await expect(starting).rejects.toMatchObject({ code: 'run-active' })
    expect(keeper.isRunning).toBe(false)
  })

  it('stops, says so at once, and keeps what was found', async () => {
    const { keeper, states } = openKeeper()
    await keeper.start()
    keeper.stop()
    expect(states.at(-1)).toMatchObject({ status: 'running', stopping: true })
    await keeper.close()
    expect(keeper.state).toMatchObject({ status: 'done', report: { outcome: 'cancelled', checks: [check] } })
  })

  it('does not begin once its host ends', async () => {
    let answer: (isMeasuring: boolean) => void = () => {}
    const { keeper, examinations } = openKeeper({
      isMeasuring: () => new Promise((resolve) => (answer = resolve)),
    })
    const starting = keeper.start()
    await keeper.close()
    answer(false)
    await expect(starting).rejects.toThrow()
    expect(examinations()).toBe(0)
  })
})
