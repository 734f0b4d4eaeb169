import open from 'open'

/** Whether a browser on this machine could show a page to the person at the keyboard. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (environment.SSH_CONNECTION || environment.SSH_TTY) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

/** Asks the system to show `url`. Never throws: the address is printed as well. */
export async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url)
    child.on('error', () => {})
    child.unref()
  } catch {
    // No browser, or nothing that starts one.
  }
}
