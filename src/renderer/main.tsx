import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import './style.css'

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no element with the id "root"')
createRoot(container).render(
  <StrictMode>
    <App versions={window.tandem?.versions ?? null} />
  </StrictMode>,
)
