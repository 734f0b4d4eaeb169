import { expect, it } from 'vitest'
import { followMenu } from './follow-menu.js'

it('goes where the menu of the desktop app leads, and does nothing in a browser', () => {
  const listeners: ((path: string) => void)[] = []
  const location = { hash: '#/' } as Location
  const tandem: Window['tandem'] = {
    versions: { electron: '45', chromium: '156', node: '24' },
    onOpenScreen(listener) {
      listeners.push(listener)
      return () => {}
    },
    onOpenPalette: () => () => {},
  }

  followMenu({ location } as Window)
  followMenu({ location, tandem } as Window)
  listeners[0]?.('/history')

  expect(location.hash).toBe('/history')
  expect(listeners).toHaveLength(1)
})
