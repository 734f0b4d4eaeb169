import { fakeHost } from './fake-host.fixture.js'
import { plainJob } from './plain-trainer.fixture.js'
import { TrainerProcess } from './trainer-process.js'

/** Started by tests, to be killed: runs the plain trainer, whose fault and file it is told, and prints the process started and the rank's, as JSON, once it is ready. */
const host = fakeHost()
const trainer = new TrainerProcess(plainJob(process.argv[2], process.argv[3]), host, {
  onMessage() {
    process.stdout.write(`${JSON.stringify({ started: host.pids[0], rank: trainer.pid })}\n`)
  },
  onFailure() {},
})
await trainer.outcome
