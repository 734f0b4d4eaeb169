/**
 * What `npm start` and the desktop app that it starts have agreed on: the launcher puts its process id into this
 * environment variable, and the app then says on a line of its standard output how it went.
 */
export const launcherVariable = 'TANDEM_DESKTOP_LAUNCHER'

/** The Node that `npm start` runs on, for the app to start its trainers in. */
export const launcherNodeVariable = 'TANDEM_DESKTOP_NODE'

export const launchLines = {
  /** The window shows the dashboard, which has connected to its host. */
  ready: 'tandem-desktop: ready',
  /** Another Tandem has the desktop already, and has come to the front. */
  runningAlready: 'tandem-desktop: running already',
  /** It ends to be started once more, since the way in which it drew does not work here; it has remembered that. */
  startAgain: 'tandem-desktop: start again',
} as const
