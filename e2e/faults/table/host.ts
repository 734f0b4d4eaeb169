import { everywhere, type Fault } from './fault.js'

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
  'killed-in-rename': {
    fault: 'Tandem is killed just before or after it puts a finished file in its place',
    where: 'Single, at six moments; Linux',
    says: '',
    exitCode: null,
    history: 'interrupted',
    promise:
      'Every file is the old one or the new one. The next start removes what was not in its place yet.',
  },
  'sampler-killed': {
    fault: 'The sampler is killed, or frozen',
    where: 'Sampler',
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise: 'The run goes on. Telemetry is missing until the next sampler starts, a moment later.',
  },
  'two-hosts': {
    fault: 'Two Tandems measure at the same time, into one history',
    where: 'Single',
    says: 'measured on this machine at the same time',
    exitCode: 0,
    history: 'complete',
    promise: 'Both are kept, and both say that their figures do not count.',
  },
  'port-taken': {
    fault: 'The port of the dashboard is taken',
    where: 'tandem serve',
    says: 'another program listens there already',
    exitCode: 2,
    history: null,
    promise: 'Without --port, the dashboard takes another one.',
  },
} satisfies Record<string, Fault>

export type HostFault = keyof typeof hostFaults
