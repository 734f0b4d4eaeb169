import { describe, expect, it } from 'vitest'
import { sandboxHint } from './sandbox-hint.js'

const electron = '/clone/electron/electron'
const kernel = (files: Record<string, string>) => (path: string) => files[path] ?? null

describe('the hint for Chromium’s sandbox', () => {
  it.each([
    ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'],
    ['/proc/sys/kernel/unprivileged_userns_clone', '0'],
    ['/proc/sys/user/max_user_namespaces', '0'],
  ])('is the one command, where %s is %s', (path, value) => {
    expect(sandboxHint(electron, kernel({ [path]: value }), () => false)).toContain(
      `sudo sh -c "chown root:root '/clone/electron/chrome-sandbox' && chmod 4755 '/clone/electron/chrome-sandbox'"`,
    )
  })

  it('is none where namespaces are allowed, or the helper is set up', () => {
    const restricted = kernel({ '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' })
    expect(
      sandboxHint(electron, kernel({ '/proc/sys/user/max_user_namespaces': '96364' }), () => false),
    ).toBeNull()
    expect(sandboxHint(electron, restricted, () => true)).toBeNull()
  })
})
