import type { CheckFinding } from '../../shared/doctor/doctor-report.js'
import type { Backend } from '../backend.js'
import { checkOperations, checkPeerCopies } from './device-checks.js'
import { checkGolden } from './golden-check.js'
import { checkMemory } from './memory-check.js'

export interface EngineCheck {
  id: string
  title: string
  run(backend: Backend): Promise<CheckFinding>
}

/** What is proved of an engine that runs in this process, in order. Loading it comes before. */
export const engineChecks: readonly EngineCheck[] = [
  { id: 'operations', title: 'Operations on every device', run: (backend) => checkOperations(backend) },
  { id: 'peer-copies', title: 'Copies between devices', run: checkPeerCopies },
  { id: 'golden', title: 'Training steps against PyTorch', run: (backend) => checkGolden(backend) },
  { id: 'memory', title: 'Memory taken and given back', run: (backend) => checkMemory(backend) },
]
