import type { HistoryStatus } from '../../src/shared/run/run-summary.js'

/** Something that goes wrong, and what Tandem promises then. The tests hold it to it, and the guide is made of it. */
export interface Fault {
  /** What happens, for people. */
  fault: string
  /** Where it was tried. */
  where: string
  /** What people are told, in words that the test looks for. */
  says: string
  /** Of the command that it happened to; null where it was killed. */
  exitCode: number | null
  /** How the run stands in the history afterwards; null where there is none. */
  history: HistoryStatus | null
  /** What else is promised. */
  promise: string
}

const everywhere = 'Single, DP, DDP'
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
  'never-ready': trainer(
    'A trainer never gets ready',
    'was not ready within',
    'Tandem waits 5 minutes for it.',
  ),
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
} satisfies Record<string, Fault>

export type DataFault = keyof typeof dataFaults

export const hostFaults = {
  interrupted: {
    fault: 'Ctrl-C (SIGINT), SIGTERM, or the terminal is closed (SIGHUP)',
    where: everywhere,
    says: 'Stopping',
    exitCode: 130,
    history: 'cancelled',
    promise: 'What was measured is kept. A second Ctrl-C ends Tandem at once.',
  },
  stubborn: {
    fault: 'The same, and a trainer ignores the stop and SIGTERM',
    where: everywhere,
    says: 'Stopping',
    exitCode: 130,
    history: 'cancelled',
    promise: 'It is killed within 5 seconds.',
  },
  killed: {
    fault: 'Tandem itself is killed (SIGKILL) in the middle of a run',
    where: 'Single, DP, DDP, sampler',
    says: '',
    exitCode: null,
    history: 'interrupted',
    promise:
      'Trainers and the sampler end with it; on Linux the kernel sees to that. What was recorded up to the last line is kept.',
  },
  'killed-frozen': {
    fault: 'The same, and a rank is frozen (SIGSTOP)',
    where: 'DDP; Linux',
    says: '',
    exitCode: null,
    history: 'interrupted',
    promise: 'The frozen rank ends, too.',
  },
  'killed-starting': {
    fault: 'Tandem is killed while it starts',
    where: 'DDP, at twelve moments',
    says: '',
    exitCode: null,
    history: null,
    promise:
      'No partial file stays: the next start removes it. A run that had begun is in the list as interrupted.',
  },
  'sampler-killed': {
    fault: 'The sampler is killed, or frozen',
    where: 'Sampler',
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise: 'The run goes on. Telemetry is missing until the next sampler starts, a moment later.',
  },
} satisfies Record<string, Fault>

export type HostFault = keyof typeof hostFaults

export const storageFaults = {
  full: {
    fault: 'The disk of the history fills up in the middle of a run',
    where: 'History',
    says: 'This run is not in the history: the disk is full',
    exitCode: 0,
    history: 'interrupted',
    promise:
      'The run goes on, and its results are in the output file. What the history lacks is held in memory and written when there is room.',
  },
  'comes-back': {
    fault: 'The same, and there is room again before the end',
    where: 'History',
    says: 'the history could be written again',
    exitCode: 0,
    history: 'complete',
    promise: 'Nothing is lost. The recording has no gap.',
  },
  'read-only': {
    fault: 'The history is on a read-only file system',
    where: 'History',
    says: 'This run is not in the history: the file system is read-only',
    exitCode: 0,
    history: null,
    promise: 'The run goes on and its results are in the output file.',
  },
  vanished: {
    fault: 'The history’s folder is removed in the middle of a run',
    where: 'History',
    says: 'History:',
    exitCode: 0,
    history: 'complete',
    promise: 'It is made again, with everything recorded so far.',
  },
  nowhere: {
    fault: 'Neither the history nor the output file can be written',
    where: 'History, output file',
    says: 'Results, for lack of a better place:',
    exitCode: 1,
    history: null,
    promise: 'The results go to the temporary folder, and Tandem says where.',
  },
  damaged: {
    fault: 'run.json is empty, missing or cut off',
    where: 'History',
    says: 'its entry was lost, and made again from its',
    exitCode: 0,
    history: 'complete',
    promise: 'The entry is made again from the results, or else from the recording, and says so.',
  },
  'other-file': {
    fault: 'A named pipe, a device, a folder or an archive is given as a results file',
    where: 'report, compare, history import',
    says: 'cannot be read: it is',
    exitCode: 2,
    history: null,
    promise: 'One line says what it is. Pipes from a shell, <(...), are read.',
  },
  'small-shared-memory': {
    fault: 'Shared memory and the temporary folder are too small for the gradients',
    where: 'DDP',
    says: 'to exchange gradients; free are',
    exitCode: 1,
    history: 'failed',
    promise: 'Single and DP are measured.',
  },
} satisfies Record<string, Fault>

export type StorageFault = keyof typeof storageFaults

/** In the order in which the guide has them. */
export const faultGroups: readonly { title: string; faults: readonly Fault[] }[] = [
  {
    title: 'A trainer goes wrong',
    faults: [...Object.values(trainerFaults), ...Object.values(harmlessFaults)],
  },
  { title: 'Data workers', faults: Object.values(dataFaults) },
  { title: 'Tandem itself is ended', faults: Object.values(hostFaults) },
  { title: 'Disks, files and memory', faults: Object.values(storageFaults) },
]
