import { describe, expect, it } from 'vitest'
import type { Device } from '../../shared/machine/device.js'
import { autotuneJob } from './autotune-plan.js'

const cpu: Device = { kind: 'cpu', index: 0, description: 'core 0', cores: [0] }
const gpu: Device = { kind: 'gpu', index: 0, description: 'H100', cores: [] }

describe('what a trainer is told about autotuning', () => {
  it.each([
    { autotune: 'auto', engine: 'tensorflow', devices: [cpu], tunes: true },
    { autotune: 'auto', engine: 'tensorflow', devices: [gpu, gpu], tunes: false },
    { autotune: 'on', engine: 'tensorflow', devices: [gpu], tunes: true },
    { autotune: 'report', engine: 'wasm', devices: [cpu, cpu], tunes: true },
    { autotune: 'off', engine: 'tensorflow', devices: [cpu], tunes: false },
    { autotune: 'on', engine: 'pytorch', devices: [cpu], tunes: false },
  ] as const)('$autotune for $engine on $devices.0.kind: $tunes', ({ autotune, engine, devices, tunes }) => {
    const job = autotuneJob({ autotune, preset: 'custom' }, engine, devices)
    expect(job !== null).toBe(tunes)
    if (tunes) expect(job?.report).toBe(autotune === 'report')
  })

  it('leaves a quick run most of its minute', () => {
    const quick = autotuneJob({ autotune: 'auto', preset: 'quick' }, 'tensorflow', [cpu])
    const usual = autotuneJob({ autotune: 'auto', preset: 'notebook' }, 'tensorflow', [cpu])
    expect(quick?.budgetMs).toBeLessThanOrEqual(3_000)
    expect(usual?.budgetMs).toBeGreaterThan(quick?.budgetMs ?? 0)
  })
})
