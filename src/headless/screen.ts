/** Whether the person at the keyboard sits at another machine than this process. */
export function isRemoteSession({ SSH_CONNECTION, SSH_TTY }: NodeJS.ProcessEnv): boolean {
  return Boolean(SSH_CONNECTION || SSH_TTY)
}

/** Whether this machine has a screen that windows can open on. */
export function hasDisplay(
  { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(DISPLAY || WAYLAND_DISPLAY)
}
