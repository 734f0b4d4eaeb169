import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { letInFragment } from '../../src/shared/contract/let-in.js'
import { openWire } from './browser-session.js'
import {
  embedScript,
  fetchScript,
  loadScript,
  openSocketScript,
  openWindowScript,
  reachIntoWindowScript,
  setCookieScript,
} from './hostile-scripts.js'
import type { HostileServer } from './hostile-server.js'

/** A browser in which the owner has the dashboard open, and a page of somebody else's. */
export interface BrowserStage {
  context: BrowserContext
  /** Of the dashboard. */
  origin: string
  /** The owner's page; it is in. */
  dashboard: Page
  hostile: Page
  server: HostileServer
}

export interface HostilePageAttack {
  who: string
  what: string
  holds: string
  run(stage: BrowserStage): Promise<void>
}

const otherPort = 'a page from another port of this machine, in the same browser'
const otherName = 'a page by another name of this machine'

export const hostilePageAttacks: readonly HostilePageAttack[] = [
  {
    who: otherPort,
    what: 'fetches the dashboard, with the cookie',
    holds: 'the browser gives it no part of the answer',
    run: async ({ hostile, origin }) => {
      for (const mode of ['cors', 'no-cors'] as const) {
        const outcome = await hostile.evaluate(fetchScript(origin, mode))
        expect(outcome).toBe('failed')
      }
    },
  },
  {
    who: otherPort,
    what: 'opens a WebSocket',
    holds: 'it is refused by its origin',
    run: async ({ hostile, origin }) => {
      const outcome = await hostile.evaluate(openSocketScript(`${origin.replace('http', 'ws')}/wire`))
      expect(outcome).toBe('failed')
    },
  },
  {
    who: otherPort,
    what: 'embeds the dashboard, to be clicked on (clickjacking)',
    holds: 'the frame stays empty',
    run: async ({ hostile, origin }) => {
      await hostile.evaluate(embedScript(origin))
      const texts = await Promise.all(hostile.frames().map((frame) => frame.textContent('body')))
      expect(texts.join()).not.toContain('Run benchmark')
    },
  },
  {
    who: otherPort,
    what: 'loads the dashboard as a picture and as a script',
    holds: 'neither loads',
    run: async ({ hostile, origin }) => {
      const outcomes = await Promise.all([
        hostile.evaluate(loadScript('img', `${origin}/tandem.svg`)),
        hostile.evaluate(loadScript('script', `${origin}/index.html`)),
        hostile.evaluate(loadScript('script', origin)),
      ])
      expect(outcomes).toEqual(['failed', 'failed', 'failed'])
    },
  },
  {
    who: otherPort,
    what: 'opens the dashboard in a window and reaches into it',
    holds: 'it cannot reach that window',
    run: async ({ context, hostile, origin }) => {
      const opened = context.waitForEvent('page')
      await hostile.evaluate(openWindowScript(origin))
      const window = await opened
      await window.getByRole('button', { name: 'Run benchmark' }).waitFor()
      const outcome = await hostile.evaluate(reachIntoWindowScript)
      expect(outcome).toBe('failed')
      expect(await window.evaluate('window.opener')).toBeNull()
      await window.close()
    },
  },
  {
    who: otherPort,
    what: 'sends the browser to the dashboard with a made-up secret',
    holds: 'the made-up secret is dropped, and the owner stays logged in, even after a reload',
    run: async ({ context, hostile, origin }) => {
      const opened = context.waitForEvent('page')
      await hostile.evaluate(openWindowScript(`${origin}/${letInFragment}made-up`))
      const window = await opened
      await window.getByRole('button', { name: 'Run benchmark' }).waitFor()
      await window.reload()
      await window.getByRole('button', { name: 'Run benchmark' }).waitFor()
      expect(window.url()).not.toContain('made-up')
      await window.close()
    },
  },
  {
    who: otherPort,
    what: 'gets the cookie from the browser, and its server uses it with a forged Origin',
    holds: 'the cookie alone is refused',
    run: async ({ hostile, origin, server }) => {
      await hostile.goto(`${server.origin}/collect`)
      const cookie = server.requests.find(({ url }) => url === '/collect')?.headers.cookie
      // What makes the page's secret necessary: browsers do not tell ports apart.
      expect(cookie).toContain('tandem_')
      const wire = await openWire(Number(new URL(origin).port), cookie as string, {
        type: 'let-in',
        secret: '',
      })
      await wire.closed()
      expect(wire.received).toMatchObject([{ type: 'turned-away', error: { code: 'not-let-in' } }])
    },
  },
  {
    who: otherPort,
    what: 'replaces the cookie with one of its own',
    holds: 'this can lock the owner out until the next login; nobody gets in',
    run: async ({ context, hostile, origin }) => {
      const [{ name, value } = { name: '', value: '' }] = await context.cookies(origin)
      await hostile.evaluate(setCookieScript(`${name}=tossed; path=/`))
      const [{ value: after } = { value: '' }] = await context.cookies(origin)
      // Chromium lets no script overwrite what is HttpOnly.
      expect(after).toBe(value)
    },
  },
  {
    who: otherName,
    what: 'is a name that points to this machine (DNS rebinding)',
    holds: 'the host does not answer under it, and says how to get in',
    run: async ({ context, origin }) => {
      const page = await context.newPage()
      await page.goto(origin.replace('127.0.0.1', 'rebound.localhost'))
      await page.getByText('Tandem does not answer under this name or port').waitFor()
      const { port } = new URL(origin)
      expect(await page.textContent('code')).toBe(`ssh -L ${port}:127.0.0.1:${port} SERVER`)
      await page.close()
    },
  },
  {
    who: otherName,
    what: 'is localhost, in a browser that was let in at 127.0.0.1',
    holds: 'to the host it is another browser, which has not been let in',
    run: async ({ context, origin }) => {
      const page = await context.newPage()
      await page.goto(origin.replace('127.0.0.1', 'localhost'))
      await page.getByText('This browser has not been let in').waitFor()
      await page.close()
    },
  },
]
