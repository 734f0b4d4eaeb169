import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { statusWord } from '../../src/shared/results/results.js'
import { markdownTable } from '../../src/shared/text/markdown.js'
import { faultGroups } from './table/all-faults.js'
import type { Fault } from './table/fault.js'

const guide = fileURLToPath(new URL('../../docs/guide/faults.md', import.meta.url))

const introduction = `# When something goes wrong

What Tandem promises when something breaks. Every line is a test in \`e2e/faults\`, which runs on each \`npm test\`.

In every case the command ends, says why in one line, and leaves no process, no shared memory and no partial file.
\`npm run storm -- --minutes 20\` kills Tandem and its processes at random for as long as you like, and checks the same.

Exit codes: 0 measured, 1 something failed, 2 bad usage, 130 stopped; a killed command has none. The column *History* says
how the run is listed afterwards.`

function row({ fault, where, says, exitCode, history, promise }: Fault): string[] {
  const status = history === null ? '' : statusWord(history)
  return [fault, where, says, exitCode === null ? 'killed' : String(exitCode), status, promise]
}

/** `npx vitest run e2e/faults/guide.test.ts -u` writes it anew. */
it('the guide to faults is what their table says', async () => {
  const head = ['What happens', 'Tried in', 'Tandem says', 'Exit code', 'History', 'And']
  const sections = faultGroups.map(
    ({ title, faults }) => `## ${title}\n\n${markdownTable(head, faults.map(row))}`,
  )
  await expect(`${[introduction, ...sections].join('\n\n')}\n`).toMatchFileSnapshot(guide)
})
