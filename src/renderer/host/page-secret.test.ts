import { describe, expect, it } from 'vitest'
import { letInFragment } from '../../shared/contract/let-in.js'
import { PageSecret, type PageSecretPlaces } from './page-secret.js'

/** A browser's window at this address, with what its storage holds. */
function windowAt(hash: string, kept: string | null = null) {
  const stored = new Map(kept === null ? [] : [['tandem.page-secret', kept]])
  const shown: string[] = []
  const places = {
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_state: unknown, _title: string, url: string) => shown.push(url) },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    },
  }
  return {
    places: places as unknown as PageSecretPlaces,
    shown,
    kept: () => stored.get('tandem.page-secret'),
  }
}

describe('the secret of a page', () => {
  it('comes by the address, which shows it no more, and is kept once the host has accepted it', () => {
    const { places, shown, kept } = windowAt(`${letInFragment}new`, 'old')
    const secret = new PageSecret(places)

    expect(shown).toEqual(['/'])
    expect(secret.current).toBe('new')
    expect(kept()).toBe('old')
    secret.accepted()
    expect(kept()).toBe('new')
    expect(secret.current).toBe('new')
  })

  it('is the kept one again where that of the address was made up', () => {
    const { places, kept } = windowAt(`${letInFragment}made-up`, 'kept')
    const secret = new PageSecret(places)
    secret.refused()

    expect(secret.current).toBe('kept')
    secret.accepted()
    expect(kept()).toBe('kept')
  })

  it('leaves any other address as it is', () => {
    const { places, shown } = windowAt('#/history', 'kept')

    expect(new PageSecret(places).current).toBe('kept')
    expect(shown).toEqual([])
  })

  it('is empty where there is none, and lasts without storage', () => {
    expect(new PageSecret(windowAt('').places).current).toBe('')
    const secret = new PageSecret({ ...windowAt(`${letInFragment}new`).places, localStorage: null })
    secret.accepted()
    expect(secret.current).toBe('new')
  })
})
