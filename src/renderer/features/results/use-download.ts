import { useCallback } from 'react'
import { useCommand } from '../../state/use-command.js'

/** Saves the results of a run as a file, with every step: the same document that `tandem run` writes. */
export function useDownload(runId: string) {
  const { run, isRunning, error } = useCommand('readResults')
  const save = useCallback(async () => {
    const answer = await run({ runId })
    if (answer !== null) saveFile(`tandem-${runId}.json`, JSON.stringify(answer.response, null, 2))
  }, [run, runId])
  return { run: save, isRunning, error }
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
