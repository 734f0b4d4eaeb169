import '@mantine/core/styles.css'
import './theme/fonts.css'
import './theme/global.css'
import { MantineProvider } from '@mantine/core'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { followMenu } from './host/follow-menu.js'
import { HostClient } from './host/host-client.js'
import { wireOpener } from './host/open-wire.js'
import { DashboardProvider } from './state/dashboard.js'
import { createDashboardStore, followHost } from './state/dashboard-store.js'
import { styleNonce } from './theme/nonce.js'
import { theme, variables } from './theme/theme.js'

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no element with the id "root"')

// Dialogs lock the scroll bar with a style element of their own, made by a library beneath Mantine's.
setNonce(styleNonce())

const store = createDashboardStore()
const client = new HostClient(wireOpener(), followHost(store))
client.connect()
followMenu()

createRoot(container).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <DashboardProvider store={store} call={client.call.bind(client)}>
        <App />
      </DashboardProvider>
    </MantineProvider>
  </StrictMode>,
)
