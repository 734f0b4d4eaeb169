import { describe, expect, it } from 'vitest'
import type { Environment } from '../../conditions/conditions.js'
import type { MeasurementSummary } from '../../results/results.js'
import type { FindingCode } from '../finding.js'
import {
  conditionsWith,
  found,
  goodEnvironment,
  gpuWith,
  measured,
  quietRun,
  runWith,
} from '../quiet-run.fixture.js'

type Conditions = MeasurementSummary['conditions']

/** Each: just within the limit of a rule, and just beyond it. */
const cases: [code: FindingCode, within: Conditions, beyond: Conditions, says: RegExp][] = [
  [
    'others-on-cpu',
    conditionsWith({ cpu: { othersShareOfOwnCores: 0.05 } }),
    conditionsWith({ cpu: { othersShareOfOwnCores: 0.06 } }),
    /^Other programs took up to 6\.0 % of the cores that DDP trained on\. Close /,
  ],
  [
    'others-on-cpu',
    conditionsWith({ cpu: { othersShareOfOwnCores: null, othersCores: 0.5 } }),
    conditionsWith({ cpu: { othersShareOfOwnCores: null, othersCores: 0.6 } }),
    /^Other programs kept up to 30\.0 % of the machine's cores busy beside DDP\. /,
  ],
  [
    'steal',
    conditionsWith({ cpu: { stealShare: 0.02 } }),
    conditionsWith({ cpu: { stealShare: 0.03 } }),
    /gave up to 3\.0 % of the processor's time to other machines during DDP\./,
  ],
  [
    'quota',
    conditionsWith({ cpu: { quotaThrottledShare: 0.01 } }),
    conditionsWith({ cpu: { quotaThrottledShare: 0.4 } }),
    /was throttled in up to 40\.0 % of its scheduling periods/,
  ],
  [
    'throttled',
    conditionsWith({ cpu: { thermalThrottles: 0 } }),
    conditionsWith({ cpu: { thermalThrottles: 1 } }),
    /^The processor got too hot and slowed down during DDP\./,
  ],
  [
    'throttled',
    conditionsWith({ gpus: [gpuWith({ throttled: [{ reason: 'power limit', share: 1 }] })] }),
    conditionsWith({
      gpus: [gpuWith(), gpuWith({ throttled: [{ reason: 'temperature limit', share: 0.25 }] })],
    }),
    /^GPUs slowed down \(temperature limit\) for up to 25\.0 % of the time during DDP\./,
  ],
  [
    'others-on-gpu',
    conditionsWith({ gpus: [gpuWith()] }),
    conditionsWith({ gpus: [gpuWith({ otherProcesses: { most: 1, share: 0.1 } })] }),
    /^Another program was on a GPU that DDP trained on\./,
  ],
  [
    'gpu-lost',
    conditionsWith({ gpus: [gpuWith()] }),
    conditionsWith({ gpus: [gpuWith({ lostShare: 0.5 })] }),
    /did not answer for a GPU for up to 50\.0 % of the time/,
  ],
  [
    'swap',
    conditionsWith({ memory: { swapGrowthBytes: 2 ** 26 } }),
    conditionsWith({ memory: { swapGrowthBytes: 2 ** 27 } }),
    /swapped out 128\.0 MiB during DDP\./,
  ],
  [
    'memory-pressure',
    conditionsWith({ memory: { stalledShare: 0.01 } }),
    conditionsWith({ memory: { stalledShare: 0.02 } }),
    /waited for memory in up to 2\.0 % of the time during DDP\./,
  ],
  [
    'not-watched',
    conditionsWith({ telemetry: { samples: 1 } }),
    null,
    /^Nothing watched the machine during DDP: /,
  ],
  [
    'telemetry-gap',
    conditionsWith({ telemetry: { longestGapSeconds: 3 } }),
    conditionsWith({ telemetry: { longestGapSeconds: 4 } }),
    /silent for up to 4\.0 s during DDP/,
  ],
]

/** The same of what leaves figures that only measuring again can mend. */
const disturbances: typeof cases = [
  [
    'others-on-cpu',
    conditionsWith({ cpu: { othersShareOfRunCores: 0.25 } }),
    conditionsWith({ cpu: { othersShareOfRunCores: 0.26 } }),
    /^Other programs took up to 26\.0 % of the measured cores during DDP\. Close /,
  ],
  [
    'stood-still',
    conditionsWith({ standstill: { suspendedSeconds: 0.5 } }),
    conditionsWith({ standstill: { suspendedSeconds: 15 } }),
    /^The machine was suspended for up to 15\.0 s during DDP\./,
  ],
  [
    'stood-still',
    conditionsWith({ standstill: { stoppedSeconds: 0.25 } }),
    conditionsWith({ standstill: { stoppedSeconds: 15 } }),
    /^A trainer was stopped for up to 15\.0 s during DDP\./,
  ],
  [
    'stood-still',
    conditionsWith({ standstill: { stalledSeconds: 0 } }),
    conditionsWith({ standstill: { stalledSeconds: 2 } }),
    /^Trainers and sampler stood still for up to 2\.0 s during DDP\./,
  ],
  [
    'steal',
    null,
    conditionsWith({ cpu: { stealShare: 0.3 } }),
    /gave up to 30\.0 % of the processor's time to other machines during DDP\./,
  ],
]

describe('what a measurement met', () => {
  it.each(disturbances)(
    '%s: bearable, and so much that the figure is unreliable',
    (code, within, beyond, says) => {
      expect(found(runWith('ddp', { conditions: within }), code)).toEqual([])

      const [finding] = found(runWith('ddp', { conditions: beyond }), code)
      expect(finding).toMatchObject({ severity: 'unreliable', strategies: ['ddp'] })
      expect(finding?.message).toMatch(says)
    },
  )

  it.each(cases)('%s: within the limit, beyond it', (code, within, beyond, says) => {
    expect(found(runWith('ddp', { conditions: within }), code)).toEqual([])

    const [finding] = found(runWith('ddp', { conditions: beyond }), code)
    expect(finding).toMatchObject({ severity: 'warning', strategies: ['ddp'] })
    expect(finding?.message).toMatch(says)
  })

  it('is found in any of the repeats, and its worst is said', () => {
    const loads = [0.02, 0.1, 0.2]
    const run = quietRun({}, 3)
    const measurements = run.measurements.map((one) =>
      one.id === 'single'
        ? {
            ...one,
            conditions: conditionsWith({ cpu: { othersShareOfOwnCores: loads[one.block] as number } }),
          }
        : one,
    )
    expect(found({ ...run, measurements }, 'others-on-cpu')[0]?.message).toContain(
      '20.0 % of the cores that Single (2 of 9 measurements) trained on',
    )
  })

  it('counts for nothing where a measurement failed before its first epoch was over', () => {
    const disturbed = conditionsWith({ cpu: { othersShareOfOwnCores: 0.6 } })
    expect(
      found(runWith('ddp', { status: 'failed', epochs: [], conditions: disturbed }, 3), 'others-on-cpu'),
    ).toEqual([])
  })

  it('counts for nothing where a measurement was skipped', () => {
    const skipped = { status: 'skipped' as const, skipReason: 'one device', epochs: [], conditions: null }
    expect(found(runWith('ddp', skipped), 'not-watched')).toEqual([])
  })

  it('a short gap in a long measurement is a note', () => {
    const long = conditionsWith({ seconds: 600, telemetry: { samples: 2_000, longestGapSeconds: 4 } })
    expect(found(runWith('ddp', { conditions: long }), 'telemetry-gap')[0]?.severity).toBe('note')
  })

  it('slower clocks than Single’s GPU had are a note', () => {
    const at = (meanMegahertz: number) =>
      conditionsWith({ gpus: [gpuWith({ clock: { meanMegahertz, leastMegahertz: meanMegahertz } })] })
    const run = (megahertz: number) =>
      quietRun({
        measurements: [
          measured('single', 0, { conditions: at(1_700) }),
          measured('ddp', 0, { conditions: at(megahertz) }),
        ],
      })
    expect(found(run(1_650), 'clocks-differ')).toEqual([])
    expect(found(run(1_500), 'clocks-differ')).toEqual([
      {
        code: 'clocks-differ',
        severity: 'note',
        strategies: ['ddp'],
        message: "DDP's GPUs ran at 1500 MHz on average, Single's at 1700.",
      },
    ])
  })
})

describe('the state of the machine', () => {
  const withEnvironment = (changes: Partial<Environment>) =>
    quietRun({ environment: { ...goodEnvironment, ...changes } })
  const scaling = (driver: string, governor: string, preference?: string): Partial<Environment> => ({
    frequencyScaling: {
      drivers: [driver],
      governors: [governor],
      energyPreferences: preference === undefined ? [] : [preference],
    },
  })

  it.each([
    ['a governor that keeps clocks low', scaling('acpi-cpufreq', 'powersave'), 'governor powersave'],
    ['a processor told to save', scaling('intel_pstate', 'powersave', 'power'), 'energy preference power'],
    ['a profile of the firmware', { powerProfile: 'low-power' }, 'power profile low-power'],
  ])('saves power: %s', (_what, changes, says) => {
    const [finding] = found(withEnvironment(changes), 'power-saving')
    expect(finding?.severity).toBe('warning')
    expect(finding?.message).toContain(says)
  })

  it.each([
    [
      'the usual governor of a driver that leaves clocks to the processor',
      scaling('intel_pstate', 'powersave', 'balance_performance'),
    ],
    ['a governor that follows the load', scaling('acpi-cpufreq', 'schedutil')],
    ['a balanced profile', { powerProfile: 'balanced' }],
    ['no frequency scaling, as in a virtual machine', { frequencyScaling: null, powerProfile: null }],
  ])('does not: %s', (_what, changes) => {
    expect(found(withEnvironment(changes), 'power-saving')).toEqual([])
  })

  it('is on battery, or is not, or does not say', () => {
    expect(found(withEnvironment({ onBattery: true }), 'on-battery')).toHaveLength(1)
    expect(found(withEnvironment({ onBattery: false }), 'on-battery')).toEqual([])
    expect(found(withEnvironment({ onBattery: null }), 'on-battery')).toEqual([])
  })

  it('has little memory left', () => {
    const free = (availableBytes: number | null) =>
      withEnvironment({ memory: { totalBytes: 100, availableBytes, stalledShare: null } })
    expect(found(free(9), 'little-memory')).toHaveLength(1)
    expect(found(free(10), 'little-memory')).toEqual([])
    expect(found(free(null), 'little-memory')).toEqual([])
  })

  it('may have CPU devices on the same physical cores: a note', () => {
    expect(found(withEnvironment({ sharedPhysicalCores: [[0, 1]] }), 'shared-cores')).toEqual([
      {
        code: 'shared-cores',
        severity: 'note',
        strategies: [],
        message: expect.stringMatching(/^CPU:0 and CPU:1 are hardware threads of the same physical cores/),
      },
    ])
    expect(found(withEnvironment({ sharedPhysicalCores: null }), 'shared-cores')).toEqual([])
  })

  it('with GPUs that could not be used is noted, and its figures stand', () => {
    const run = withEnvironment({ gpuProblems: ['GPU 1 cannot be used: nvidia-smi says GPU is lost'] })
    expect(found(run, 'gpus-left-out')).toEqual([
      {
        code: 'gpus-left-out',
        severity: 'note',
        strategies: [],
        message: 'GPU detection reported: GPU 1 cannot be used: nvidia-smi says GPU is lost.',
      },
    ])
    expect(found(quietRun(), 'gpus-left-out')).toEqual([])
  })

  it('is not known in older documents, which is no fault of the machine', () => {
    expect(found(quietRun({ environment: null }), 'power-saving')).toEqual([])
    expect(found(quietRun({ environment: null }), 'little-memory')).toEqual([])
  })
})

describe('what Tandem knew of', () => {
  it.each([
    ['other-run', 'other-run'],
    ['engine-install', 'engine-install'],
    ['other', 'other-warning'],
  ] as const)('%s is a warning', (code, expected) => {
    const run = quietRun({ warnings: [{ code, text: 'something else went on' }] })
    expect(found(run, expected)).toEqual([
      { code: expected, severity: 'warning', strategies: [], message: 'Something else went on.' },
    ])
  })

  it('is nothing where only the history could not be kept', () => {
    const run = quietRun({ warnings: [{ code: 'not-kept', text: 'no space' }] })
    expect(found(run, 'other-warning')).toEqual([])
  })
})

describe('a rank that is slower than the others', () => {
  it('is named, and a warning, beyond half as long again', () => {
    const slow = (timesOthers: number) => runWith('ddp', { slowestRank: { rank: 1, timesOthers } })
    expect(found(slow(1.5), 'slow-rank')).toEqual([])
    expect(found(slow(5), 'slow-rank')).toEqual([
      {
        code: 'slow-rank',
        severity: 'warning',
        strategies: ['ddp'],
        message: expect.stringMatching(/^Rank 1 of DDP took up to 5\.0 times as long for its part of a step/),
      },
    ])
  })

  it('is named with its machine, where there are several', () => {
    const run = runWith('ddp', { slowestRank: { rank: 1, timesOthers: 5 } })
    const measurements = run.measurements.map((measurement) => ({
      ...measurement,
      devices: measurement.devices.map((device, machine) => ({ ...device, machine })),
    }))
    expect(found({ ...run, measurements }, 'slow-rank')[0]?.message).toMatch(/^Rank 1 on node 1 of DDP took/)
  })

  it('is not known where ranks cannot be told apart', () => {
    expect(found(runWith('ddp', {}), 'slow-rank')).toEqual([])
  })
})
