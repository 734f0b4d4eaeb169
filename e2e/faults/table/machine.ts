import type { Fault } from './fault.js'

/** What the machine does to a run. */
export const machineFaults = {
  suspended: {
    fault: 'The machine is suspended in the middle of a measurement',
    where: 'Single',
    says: 'the machine was suspended for',
    exitCode: 0,
    history: 'complete',
    promise: 'The measurement does not count, and is made again after the last.',
  },
  'clock-steps': {
    fault: 'The clock is put forward or back by an hour in the middle of a run',
    where: 'Single, DDP',
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise:
      'No time of a step, of a rank or of a sample is off by more than it is otherwise; nothing ends later than it should.',
  },
  leap: {
    fault: 'The clock is a day ahead in one run, and right in the next',
    where: 'History',
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise:
      'The next run does not take the earlier one for one beside it. Runs are listed by the clock as it was.',
  },
  'daylight-saving': {
    fault: 'Two runs at the same time of day, in the hour that comes twice',
    where: 'History',
    says: 'Results:',
    exitCode: 0,
    history: 'complete',
    promise: 'They are listed in the order in which they were made.',
  },
  'few-files-at-start': {
    fault: 'Few open files are allowed (ulimit -n 64)',
    where: 'Command line; Linux',
    says: '64 open files are allowed, and Tandem needs 256',
    exitCode: 1,
    history: null,
    promise: 'One line, and nothing was begun.',
  },
  'no-home': {
    fault: 'The user has no home folder: no HOME, and no entry in the list of users',
    where: 'Command line; Linux',
    says: 'this user has no home folder',
    exitCode: 2,
    history: 'complete',
    promise:
      'One line names the variables to set. With TANDEM_DATA_DIR and TANDEM_CACHE_DIR, everything works.',
  },
} satisfies Record<string, Fault>
