import { MantineProvider } from '@mantine/core'
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterAll } from 'vitest'
import { analyseRun } from '../../shared/analysis/run-analysis.js'
import type { Responses } from '../../shared/contract/commands.js'
import { emptyLabel, type HistoryEntry } from '../../shared/results/history-entry.js'
import type { Results } from '../../shared/results/results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { type CallHost, DashboardProvider } from '../state/dashboard.js'
import { createDashboardStore } from '../state/dashboard-store.js'
import { followed } from './example-run.js'

/** A host that has one run, and answers what screens ask of it. */
function hostOf(results: Results): CallHost {
  const run = followed(results).toSnapshot()
  const entry: HistoryEntry = {
    ...summariseRun(results),
    label: emptyLabel,
    imported: null,
    isBaseline: false,
    remark: null,
  }
  const answers = {
    openRun: { summary: entry, run },
    analyseRun: analyseRun(results),
    describeRun: { entry, baseline: null },
  } satisfies Partial<Responses>
  return (async (command: keyof typeof answers) => {
    if (answers[command] === undefined) throw new Error(`the page asked for ${command}`)
    return answers[command]
  }) as CallHost
}

const roots: Root[] = []

// Else timers of the page go off once its window is gone.
afterAll(() =>
  act(() => {
    for (const root of roots.splice(0)) root.unmount()
  }),
)

/** Part of the page beside such a host, as it is once everything has been answered. */
export async function renderPage(results: Results, part: ReactNode): Promise<HTMLElement> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  const store = createDashboardStore()
  store.setState({ connection: { status: 'open' } })
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  const root = createRoot(place)
  roots.push(root)
  await act(async () =>
    root.render(
      <MantineProvider>
        <DashboardProvider store={store} call={hostOf(results)}>
          {part}
        </DashboardProvider>
      </MantineProvider>,
    ),
  )
  return place
}

/** The text of each element, as it is read: blanks as one. */
export function textsOf(place: ParentNode, selector: string): string[] {
  return [...place.querySelectorAll(selector)].map((element) => readText(element.textContent))
}

export function readText(text: string | null): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim()
}
