import type { DataExport } from '../data-export.js'
import { runMarkdown } from './run-markdown.js'

/** A run in short, for a pull request. */
export const markdownExport: DataExport = {
  id: 'markdown',
  kind: 'file',
  *files({ results, owner }) {
    yield { name: 'run.md', content: inOnePiece(runMarkdown(results, owner)) }
  },
}

async function* inOnePiece(text: string): AsyncGenerator<string> {
  yield text
}
