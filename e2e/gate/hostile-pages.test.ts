import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, openBrowser } from '../browser.js'
import { type DashboardHost, startDashboard } from '../dashboard-host.js'
import { type BrowserStage, type HostilePageAttack, hostilePageAttacks } from './hostile-pages.js'
import { type HostileServer, startHostileServer } from './hostile-server.js'

describeInBrowser('the dashboard in a browser with hostile pages', () => {
  let browser: Browser
  let host: DashboardHost
  let server: HostileServer
  let stage: BrowserStage

  beforeAll(async () => {
    browser = await openBrowser()
    host = await startDashboard()
    server = await startHostileServer()
    const context = await browser.newContext()
    const dashboard = await context.newPage()
    await dashboard.goto(await host.freshUrl())
    await dashboard.getByRole('button', { name: 'Run benchmark' }).waitFor()
    stage = { context, dashboard, hostile: await context.newPage(), server, origin: new URL(host.url).origin }
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await host.remove()
  })

  it.each(
    hostilePageAttacks.map((attack): [string, HostilePageAttack] => [`${attack.who} ${attack.what}`, attack]),
  )('%s', async (_title, { run }) => {
    await stage.hostile.goto(server.origin)
    await run(stage)

    await stage.dashboard.reload()
    await stage.dashboard.getByRole('button', { name: 'Run benchmark' }).waitFor()
  })

  it('shows no secret in its address, and lets further tabs of the browser in', async () => {
    expect(stage.dashboard.url()).toBe(`${stage.origin}/`)
    const tab = await stage.context.newPage()
    await tab.goto(`${stage.origin}/#/history`)
    await tab.getByText('Every benchmark is kept here').waitFor()
    await tab.close()
  })

  it('says so on a page whose secret is gone, and lets it in at the next login', async () => {
    const { dashboard } = stage
    await dashboard.evaluate('localStorage.clear()')
    await dashboard.reload()
    await dashboard.getByRole('heading', { name: 'This page has not been let in' }).waitFor()

    const again = await stage.context.newPage()
    await again.goto(await host.freshUrl())
    await again.getByRole('button', { name: 'Run benchmark' }).waitFor()
    // It tries again by itself, with what the other tab was given.
    await dashboard.getByRole('button', { name: 'Run benchmark' }).waitFor()
    await again.close()
  })
})
