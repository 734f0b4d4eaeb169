import type { Fault } from './fault.js'
import { hostFaults } from './host.js'
import { machineFaults } from './machine.js'
import { storageFaults } from './storage.js'
import { dataFaults, engineFaults, harmlessFaults, trainerFaults } from './trainers.js'

/** In the order in which the guide has them. */
export const faultGroups: readonly { title: string; faults: readonly Fault[] }[] = [
  {
    title: 'A trainer goes wrong',
    faults: [
      ...Object.values(trainerFaults),
      ...Object.values(harmlessFaults),
      ...Object.values(engineFaults),
    ],
  },
  { title: 'Data workers', faults: Object.values(dataFaults) },
  { title: 'Tandem itself is ended, or not alone', faults: Object.values(hostFaults) },
  { title: 'Disks, files and memory', faults: Object.values(storageFaults) },
  { title: 'The machine and its clock', faults: Object.values(machineFaults) },
]
