import type { Session } from 'electron'
import { describe, expect, it } from 'vitest'
import { confineSession } from './confine-session.js'
import { createFakeSession } from './test-support/fake-electron/session.js'

function confined() {
  const { session, inspection } = createFakeSession()
  confineSession(session as unknown as Session)
  return inspection
}

describe('a session', () => {
  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'pointerLock'])(
    'grants nobody %s',
    (permission) => {
      const session = confined()

      expect(session.askPermission(permission)).toBe(false)
      expect(session.checkPermission(permission)).toBe(false)
    },
  )

  it('grants no device', () => {
    expect(confined().checkDevice()).toBe(false)
  })

  it('grants the full screen to the page, which presents on it, and to nobody else', () => {
    const session = confined()

    expect(session.askPermission('fullscreen')).toBe(true)
    expect(session.checkPermission('fullscreen')).toBe(true)
    expect(session.askPermission('fullscreen', 'https://example.org/')).toBe(false)
    expect(session.askPermission('fullscreen', 'app://tandem/index.html', false)).toBe(false)
    expect(session.checkPermission('fullscreen', 'https://example.org/')).toBe(false)
  })

  it.each([
    ['http://127.0.0.1:6017/', false],
    ['https://example.org/pixel.png', false],
    ['ws://127.0.0.1/wire', false],
    ['wss://example.org/', false],
    ['file:///etc/passwd', false],
    ['app://tandem/assets/index.js', true],
    ['blob:app://tandem/5f0c', true],
    ['devtools://devtools/bundled/inspector.html', true],
  ])('for %s sends a request: %s', async (url, sends) => {
    expect(await confined().sends(url)).toBe(sends)
  })
})
