import type { RunSource } from '../history/report-source.js'

/** What an export is made from. */
export type ExportSource = Pick<RunSource, 'results' | 'owner' | 'events'>
