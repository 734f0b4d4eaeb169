import { afterEach, describe, expect, it } from 'vitest'
import { noGpuFigures } from '../../shared/child/telemetry.js'
import { createSystemTree, type SystemTree } from '../test-support/system-tree.js'
import { openAmdSysfs } from './amd-sysfs.js'
import type { GpuSource } from './gpu-source.js'

const drm = 'sys/class/drm'
const instinct = 'sys/devices/pci0000:00/0000:03:00.0'

const trees: SystemTree[] = []
afterEach(() => {
  for (const tree of trees.splice(0)) tree.dispose()
})

/** A server's card, beside the processor's own graphics (card0, Intel's) and a desktop card with little to say. */
function machine(): SystemTree {
  const tree = createSystemTree({
    [`${drm}/card0/device/vendor`]: '0x8086\n',
    [`${drm}/card1-DP-1/status`]: 'connected\n',
    [`${instinct}/vendor`]: '0x1002\n',
    [`${instinct}/product_name`]: 'AMD Instinct MI210\n',
    [`${instinct}/gpu_busy_percent`]: '93\n',
    [`${instinct}/mem_info_vram_used`]: '30000000000\n',
    [`${instinct}/mem_info_vram_total`]: '68702699520\n',
    [`${instinct}/hwmon/hwmon4/power1_average`]: '211000000\n',
    [`${instinct}/hwmon/hwmon4/power1_cap`]: '300000000\n',
    [`${instinct}/hwmon/hwmon4/temp1_input`]: '58000\n',
    [`${instinct}/hwmon/hwmon4/freq1_input`]: '1700000000\n',
    [`${instinct}/hwmon/hwmon4/freq2_input`]: '1600000000\n',
    [`${drm}/card10/device/vendor`]: '0x1002\n',
    [`${drm}/card10/device/device`]: '0x744c\n',
    [`${drm}/card10/device/gpu_busy_percent`]: 'busy\n',
    [`${drm}/card10/device/hwmon/hwmon5/power1_input`]: '20000000\n',
  })
  tree.link(`${drm}/card2/device`, instinct)
  trees.push(tree)
  return tree
}

function openSource(tree: SystemTree): GpuSource {
  const opening = openAmdSysfs(tree.sys)
  if (opening.kind !== 'opened') throw new Error(`it is ${opening.kind}`)
  return opening.source
}

const firstGpu = { index: 0, id: '0000:03:00.0', model: 'AMD Instinct MI210' }
const secondGpu = { index: 1, id: 'card10', model: 'AMD GPU 0x744c' }

describe("AMD's GPUs", () => {
  it('show what their driver shows, counted in the order of their cards', () => {
    expect(openSource(machine()).sample(0)).toEqual([
      {
        ...firstGpu,
        state: 'ok',
        utilisation: 0.93,
        memoryUsedBytes: 30_000_000_000,
        memoryTotalBytes: 68_702_699_520,
        powerWatts: 211,
        powerLimitWatts: 300,
        temperatureCelsius: 58,
        coreClockMegahertz: 1700,
        memoryClockMegahertz: 1600,
        throttleReasons: null,
        processes: null,
      },
      { ...secondGpu, state: 'ok', ...noGpuFigures, powerWatts: 20 },
    ])
  })

  it('are lost when their folder is gone, and back when it is', () => {
    const tree = machine()
    const source = openSource(tree)
    tree.remove(instinct)
    expect(source.sample(0)[0]).toEqual({ ...firstGpu, state: 'lost', ...noGpuFigures })
    tree.write({ [`${instinct}/vendor`]: '0x1002\n', [`${instinct}/gpu_busy_percent`]: '5\n' })
    expect(source.sample(0)[0]).toMatchObject({ ...firstGpu, state: 'ok', utilisation: 0.05 })
  })

  it.each<Record<string, string>>([{}, { [`${drm}/card0/device/vendor`]: '0x8086\n' }])(
    'are absent from %j',
    (files) => {
      const tree = createSystemTree(files)
      trees.push(tree)
      expect(openAmdSysfs(tree.sys)).toEqual({ kind: 'absent' })
    },
  )
})
