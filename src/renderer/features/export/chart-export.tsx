import { Alert, Button, Group, Select } from '@mantine/core'
import { useState } from 'react'
import { chartAsPng, chartAsSvg, chartFileName, chartTitle } from './chart-file.js'
import { saveFile } from './save-file.js'

/** One chart of the report as a picture, for slides and documents. */
export function ChartExport({ runId, charts }: { runId: string; charts: readonly SVGSVGElement[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const titles = charts.map(chartTitle)
  const title = chosen ?? titles[0] ?? null
  const chart = charts[titles.indexOf(title ?? '')]
  if (chart === undefined) return null

  const saveSvg = (): void => {
    const content = new Blob([chartAsSvg(chart)], { type: 'image/svg+xml' })
    saveFile(`${chartFileName(runId, chart)}.svg`, content)
  }
  const savePng = async (): Promise<void> => {
    try {
      saveFile(`${chartFileName(runId, chart)}.png`, await chartAsPng(chart))
      setProblem(null)
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return (
    <>
      <Select
        label="Chart"
        data={[...new Set(titles)]}
        value={title}
        onChange={setChosen}
        allowDeselect={false}
      />
      <Group gap="xs" grow>
        <Button variant="default" onClick={saveSvg}>
          SVG
        </Button>
        <Button variant="default" onClick={() => void savePng()}>
          PNG
        </Button>
      </Group>
      {problem !== null && (
        <Alert color="red" p="xs" role="alert">
          The browser could not draw this chart: {problem}. Take it as SVG.
        </Alert>
      )}
    </>
  )
}
