import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * What lets Electron's sandbox work where Linux keeps it from doing so: Ubuntu from 24.04 on, and hardened systems,
 * forbid user namespaces to programs that they do not know. One command makes its helper work instead, which needs
 * none. Null where nothing stands in its way.
 *
 * @param electron its program
 * @param read of a file of the kernel's; null where there is none
 */
export function sandboxHint(
  electron: string,
  read = readKernelFile,
  isHelperSetUp = hasSetUidRoot,
): string | null {
  const isForbidden =
    read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    read('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    read('/proc/sys/user/max_user_namespaces') === '0'
  const helper = join(dirname(electron), 'chrome-sandbox')
  if (!isForbidden || isHelperSetUp(helper)) return null
  return (
    'this system forbids the user namespaces that Chromium’s sandbox needs; to allow them: ' +
    `sudo sh -c "chown root:root '${helper}' && chmod 4755 '${helper}'"`
  )
}

function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

function hasSetUidRoot(helper: string): boolean {
  try {
    const { uid, mode } = statSync(helper)
    return uid === 0 && (mode & 0o4000) !== 0
  } catch {
    return false
  }
}
