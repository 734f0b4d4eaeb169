import { fileURLToPath } from 'node:url'
import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import { fakeJob } from './fake-host.fixture.js'

export const plainTrainer = fileURLToPath(new URL('./plain-trainer.fixture.py', import.meta.url))

/** A job for the trainer in plain Python, which misbehaves as `fault` says. */
export function plainJob(fault = '', trainer = plainTrainer): TrainerJob {
  return fakeJob({
    program: { command: ['python3', trainer], environment: { PLAIN_TRAINER: fault } },
  })
}
