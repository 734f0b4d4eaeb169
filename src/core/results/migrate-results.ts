import { resultsVersion } from '../../shared/results/results.js'

/** What turns a document of one version into one of the next, by the version that it is of. */
const steps: Readonly<Record<number, (document: object) => object>> = {
  // 2 knows blocks; everything measured before was the first one.
  1: (document) => ({ ...document, version: 2 }),
}

/** An older document as one of the present version; any other is handed back as it is, for the schema to judge. */
export function migrateResults(document: object): object {
  let current = document
  for (let version = versionOf(document); version < resultsVersion; version++) {
    current = steps[version]?.(current) ?? current
  }
  return current
}

function versionOf(document: object): number {
  const { version } = document as { version?: unknown }
  return typeof version === 'number' && version >= 1 ? version : resultsVersion
}
