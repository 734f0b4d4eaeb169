import { isAlive } from '../core/run/process-identity.js'
import { launcherVariable, launchLines } from '../shared/desktop/desktop-launch.js'

/** Whoever started the app and waits for it: `npm start`. */
export interface Launcher {
  /** Whether somebody waits for the app. */
  readonly isThere: boolean
  tell(line: keyof typeof launchLines): void
  /** Calls back when the launcher has ended before the app; never where the app was started by somebody else. */
  onGone(listener: () => void): void
}

const pollMs = 1_000

export function findLauncher(environment: NodeJS.ProcessEnv): Launcher {
  const pid = Number(environment[launcherVariable])
  if (!Number.isInteger(pid) || pid <= 0) return { isThere: false, tell() {}, onGone() {} }
  // To a launcher that is gone.
  process.stdout.on('error', () => {})
  return {
    isThere: true,
    tell: (line) => void process.stdout.write(`${launchLines[line]}\n`),
    onGone(listener) {
      const timer = setInterval(() => {
        if (!isGone(pid)) return
        clearInterval(timer)
        listener()
      }, pollMs)
      timer.unref()
    },
  }
}

/** On POSIX an orphan has another parent at once. */
function isGone(pid: number): boolean {
  return process.platform === 'win32' ? !isAlive({ pid, startTime: 0 }) : process.ppid !== pid
}
