import { everywhere, type Fault } from './fault.js'

const goesOn = 'The other strategies are measured all the same.'

function trainer(fault: string, says: string, promise = goesOn): Fault {
  return { fault, where: everywhere, says, exitCode: 1, history: 'failed', promise }
}

/** What a trainer may do, by the name of the fault in it. */
export const trainerFaults = {
  throw: trainer('A trainer throws', 'failed with exit code 1'),
  reject: trainer('A promise in a trainer is rejected, and nothing catches it', 'failed with exit code 1'),
  report: trainer('A device runs out of memory for a tensor', 'no memory for a tensor'),
  'exit-3': trainer('A trainer exits with 3', 'failed with exit code 3'),
  'exit-0': trainer('A trainer exits with 0 before it is done', 'ended before it was done'),
  'exit-3-after-done': trainer(
    'A trainer exits with 3 after it was done',
    'ended with exit code 3 after it had finished',
  ),
  segfault: trainer('Native code crashes', 'crashed in native code (SIGSEGV)'),
  abort: trainer('Native code aborts', 'aborted itself (SIGABRT)'),
  kill: trainer(
    'A trainer is killed, for example by the OOM killer',
    'was killed (SIGKILL), perhaps because the machine ran out of memory',
  ),
  trap: trainer(
    'The system refuses a trainer memory (ulimit -v)',
    "ended itself (SIGTRAP), as JavaScript's engine does where the system refuses it memory",
  ),
  heap: trainer('A trainer runs out of JavaScript heap', 'ran out of JavaScript heap'),
  malformed: trainer('A trainer sends a malformed message', 'sent a malformed message'),
  nan: trainer('The loss is no longer a number', 'the loss is no longer a number'),
  hang: trainer(
    'A trainer hangs',
    'counts as hung',
    'It is ended after 15 minutes of silence, or later if its steps are long.',
  ),
  spin: trainer(
    'A trainer spins and handles no message',
    'counts as hung',
    'As for one that hangs; it takes SIGKILL.',
  ),
  freeze: trainer(
    'A trainer is frozen (SIGSTOP)',
    'counts as hung',
    'As for one that hangs; it takes SIGKILL.',
  ),
  'cannot-start': trainer('The program of trainers is gone', 'failed with exit code 1'),
  'never-ready': trainer('A trainer never gets ready', 'not ready within', 'Tandem waits 5 minutes for it.'),
} satisfies Record<string, Fault>

export type TrainerFault = keyof typeof trainerFaults

/** What a trainer may do without harm. */
export const harmlessFaults = {
  flood: {
    fault: 'A trainer floods its output',
    where: everywhere,
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise: 'It never waits for a reader. Its log keeps 10 MiB.',
  },
  'flood-messages': {
    fault: 'A trainer floods its host with messages',
    where: everywhere,
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise: 'Pages and the recording get them in batches.',
  },
  slow: {
    fault: 'A rank is five times as slow as the others',
    where: 'DDP',
    says: 'Rank 1 of DDP took up to 5.0 times as long for its part of a step as the others',
    exitCode: 0,
    history: 'complete',
    promise: 'All wait for it, as DDP has to; the summary and every view name it.',
  },
} satisfies Record<string, Fault>

export type HarmlessFault = keyof typeof harmlessFaults

export const dataFaults = {
  'data-worker-ends': {
    fault: 'A data worker ends',
    where: 'Data workers of Single and DDP',
    says: 'data worker 0 ended unasked',
    exitCode: 1,
    history: 'failed',
    promise: 'The trainer fails with it, and its group.',
  },
  'data-worker-throws': {
    fault: 'A data worker throws',
    where: 'Data workers of Single and DDP',
    says: 'data worker 0 failed: the disk is gone',
    exitCode: 1,
    history: 'failed',
    promise: 'The trainer fails with it, and its group.',
  },
  'data-worker-hangs': {
    fault: 'A data worker hangs',
    where: 'Data workers of Single and DDP',
    says: 'counts as hung',
    exitCode: 1,
    history: 'failed',
    promise: 'As for a trainer that hangs.',
  },
} satisfies Record<string, Fault>

export type DataFault = keyof typeof dataFaults

export const engineFaults = {
  'wrong-library': {
    fault: 'TensorFlow’s library is another file, or another library',
    where: 'Single, DDP',
    says: 'TensorFlow cannot be loaded from',
    exitCode: 1,
    history: 'failed',
    promise:
      'The loader’s own words follow. An engine that Tandem installed is never begun with when a byte has changed.',
  },
} satisfies Record<string, Fault>
