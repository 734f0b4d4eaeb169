import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import type { Release } from '../core/releases/newer-release.js'
import { screens } from '../shared/screens.js'
import { menuTemplate } from './menu.js'

function open(platform: NodeJS.Platform, isPackaged = false, release: Release | null = null) {
  const actions = {
    ...{ openScreen: vi.fn(), openPalette: vi.fn(), stopRun: vi.fn(), openLink: vi.fn() },
    measureScript: vi.fn(),
  }
  const template = menuTemplate(actions, { platform, isPackaged }, release)
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const choose = (label: string): void => {
    const item = items.find((candidate) => candidate.label === label)
    if (item?.click === undefined) throw new Error(`nothing happens at ${label}`)
    item.click({} as never, undefined, {} as never)
  }
  return { actions, template, items, choose }
}

const roles = (items: MenuItemConstructorOptions[]) => items.flatMap(({ role }) => role ?? [])

describe('the menu', () => {
  it('leads to every screen, by name and by number', () => {
    const { actions, items, choose } = open('linux')
    for (const { title } of screens) choose(title)
    choose('New Benchmark')

    expect(actions.openScreen.mock.calls.flat()).toEqual([...screens.map(({ path }) => path), '/'])
    expect(items.find(({ label }) => label === 'Live')?.accelerator).toBe('CmdOrCtrl+2')
  })

  it('asks for a script to measure', () => {
    const { actions, choose } = open('linux')
    choose('Measure a Script…')

    expect(actions.measureScript).toHaveBeenCalledOnce()
  })

  it('stops a run', () => {
    const { actions, choose } = open('win32')
    choose('Stop Benchmark')

    expect(actions.stopRun).toHaveBeenCalledOnce()
  })

  it('opens the palette, by the key that also opens it in a browser', () => {
    const { actions, items, choose } = open('linux')
    choose('Command Palette')

    expect(actions.openPalette).toHaveBeenCalledOnce()
    expect(items.find(({ label }) => label === 'Command Palette')?.accelerator).toBe('CmdOrCtrl+K')
  })

  it('gives no key to two things', () => {
    const keys = open('darwin').items.flatMap(({ accelerator }) => accelerator ?? [])

    expect(new Set(keys).size).toBe(keys.length)
  })

  it('quits where the system’s users look for it', () => {
    expect(roles(open('linux').items)).toContain('quit')
    expect(roles(open('darwin').template)[0]).toBe('appMenu')
    expect(roles(open('darwin').items)).not.toContain('quit')
  })

  it.each(['linux', 'darwin', 'win32'] as const)(
    'leads to a newer release where one is known (%s)',
    (platform) => {
      const release = { version: '0.2.0', link: 'https://example.org/0.2.0' }
      const { actions, choose } = open(platform, true, release)
      choose('Tandem 0.2.0 Is There')

      expect(actions.openLink).toHaveBeenCalledWith(release.link)
      expect(open(platform).items.some(({ label }) => label?.includes('Is There'))).toBe(false)
    },
  )

  it('has developer tools only in a clone', () => {
    expect(roles(open('linux').items)).toContain('toggleDevTools')
    expect(roles(open('linux', true).items)).not.toContain('toggleDevTools')
  })
})
