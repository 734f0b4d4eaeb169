import { type DragEvent, useState } from 'react'
import type { DesktopBridge } from '../shared/desktop-bridge.js'
import { type ReadResults, readResults } from './read-results.js'
import { ResultsView } from './results-view.js'

interface AppProps {
  /** null in a browser. */
  versions: DesktopBridge['versions'] | null
  /** A file that is open from the start. */
  initial?: ReadResults
}

/** The whole page: open a `results.json`, see what it says. */
export function App({ versions, initial }: AppProps) {
  const [opened, setOpened] = useState<ReadResults | null>(initial ?? null)

  const open = async (file: File | undefined) => {
    if (file !== undefined) setOpened(readResults(file.name, await file.text()))
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    void open(event.dataTransfer.files[0])
  }

  return (
    <main onDragOver={(event) => event.preventDefault()} onDrop={dropped}>
      <header>
        <h1>Tandem</h1>
        <label className="open">
          Open results
          <input
            type="file"
            accept="application/json,.json"
            onChange={(event) => void open(event.target.files?.[0])}
          />
        </label>
      </header>
      <div aria-live="polite">{opened === null ? <Welcome /> : <Opened file={opened} />}</div>
      {versions !== null && (
        <footer>
          Electron {versions.electron}, Chromium {versions.chromium}, Node {versions.node}
        </footer>
      )}
    </main>
  )
}

function Welcome() {
  return (
    <p>
      Open the <code>results.json</code> of a benchmark, or drop it here.{' '}
      <code>npx tandem run --preset quick</code> in a terminal makes one.
    </p>
  )
}

function Opened({ file }: { file: ReadResults }) {
  if (file.ok) return <ResultsView fileName={file.fileName} results={file.results} />
  return (
    <section role="alert">
      <h2>{file.fileName} cannot be shown</h2>
      <ul>
        {file.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </section>
  )
}
