import { describe, expect, it } from 'vitest'
import type { Device } from '../../shared/device.js'
import { autotuneJob } from './autotune-plan.js'

const cpu: Device = { kind: 'cpu', index: 0, description: 'core 0', cores: [0] }
const gpu: Device = { kind: 'gpu', index: 0, description: 'H100', cores: [] }

describe('what a trainer is told about autotuning', () => {
  it.each([
    { autotune: 'auto', devices: [cpu], tunes: true },
    { autotune: 'auto', devices: [gpu, gpu], tunes: false },
    { autotune: 'on', devices: [gpu], tunes: true },
    { autotune: 'report', devices: [cpu, cpu], tunes: true },
    { autotune: 'off', devices: [cpu], tunes: false },
  ] as const)('$autotune on $devices.0.kind: $tunes', ({ autotune, devices, tunes }) => {
    const job = autotuneJob({ autotune, preset: 'custom' }, devices)
    expect(job !== null).toBe(tunes)
    if (tunes) expect(job?.report).toBe(autotune === 'report')
  })

  it('leaves a quick run most of its minute', () => {
    const quick = autotuneJob({ autotune: 'auto', preset: 'quick' }, [cpu])
    const usual = autotuneJob({ autotune: 'auto', preset: 'notebook' }, [cpu])
    expect(quick?.budgetMs).toBeLessThanOrEqual(3_000)
    expect(usual?.budgetMs).toBeGreaterThan(quick?.budgetMs ?? 0)
  })
})
